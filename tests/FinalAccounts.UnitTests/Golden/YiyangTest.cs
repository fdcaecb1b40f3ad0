using System.Text.Json;
using FinalAccounts.Documents;
using FinalAccounts.Reporting;
using FinalAccounts.UnitTests.Reporting;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Golden;

/// <summary>
/// The published document of 益阳市社会保险服务中心 2024 against what the program makes of the sample's books. The
/// transcription is of the published text; what differs is listed here and in the sample's README, and nothing else may.
/// </summary>
public class YiyangTest
{
    private static readonly JsonElement Published =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "yiyang-2024.published.json"))).RootElement;

    private static readonly JsonElement Made = JsonDocument.Parse(JsonWriter.Write(Sample.Yiyang.Document)).RootElement;

    [Fact]
    public void Every_cell_of_every_table_is_as_published()
    {
        var amounts = 0;
        foreach (var table in Published.GetProperty("tables").EnumerateObject())
        {
            var made = Made.GetProperty("tables").GetProperty(table.Name);
            var rows = made.GetProperty("rows").EnumerateArray().ToList();
            made.GetProperty("columns").EnumerateArray().Select(c => c.GetString()).ShouldBe(table.Value.GetProperty("columns").EnumerateArray().Select(c => c.GetString()));
            rows.Count.ShouldBe(table.Value.GetProperty("rows").GetArrayLength(), table.Name);
            foreach (var (row, madeRow) in table.Value.GetProperty("rows").EnumerateArray().Zip(rows))
            {
                foreach (var key in (string[])["side", "code", "name", "line"])
                {
                    Text(madeRow, key).ShouldBe(Text(row, key), $"{table.Name} {row}");
                }

                var cells = madeRow.GetProperty("cells").EnumerateObject().ToDictionary(c => c.Name, c => c.Value.GetString());
                foreach (var cell in row.GetProperty("cells").EnumerateObject())
                {
                    cells[cell.Name].ShouldBe(cell.Value.GetString(), $"{table.Name} {Text(row, "code")} {Text(row, "name")} {cell.Name}");
                    amounts += cell.Value.ValueKind == JsonValueKind.String ? 1 : 0;
                }
            }
        }

        amounts.ShouldBe(201);
    }

    [Fact]
    public void Every_number_of_the_text_is_as_published_and_in_the_same_order()
    {
        var figures = Sample.Yiyang.Document.Figures.ToDictionary(f => f.Address);
        var made = Narrative.SelectMany(b => b.Figures).Select(p => figures[p.Address]).Select(f => $"{f.Printed} {f.Unit}").ToList();
        var published = Published.GetProperty("numbers").EnumerateArray().Select(n => $"{Text(n, "value")} {Text(n, "unit")}").ToList();
        published.Count.ShouldBe(172);
        made.ShouldBe(published);
    }

    [Fact]
    public void Every_block_of_the_text_is_as_published_but_one()
    {
        var blocks = Published.GetProperty("narrative").EnumerateArray().ToList();
        blocks.Count.ShouldBe(32);
        Narrative.Select(b => Squeeze(b.Heading)).ShouldBe(blocks.Select(b => Squeeze(Text(b, "heading")!)));
        var differing = blocks.Zip(Narrative).Where(b => Squeeze(Text(b.First, "text")!) != Squeeze(b.Second.Text)).ToList();

        // The published text has 。。 where two texts were joined; ours has one full stop.
        differing.Select(b => b.Second.Heading).ShouldBe(["（二）绩效评价结果。"]);
        Squeeze(differing[0].Second.Text).ShouldBe(Squeeze(Text(differing[0].First, "text")!)
            .Replace("活动。。发现", "活动。发现", StringComparison.Ordinal).Replace("年初预算。。下一步", "年初预算。下一步", StringComparison.Ordinal));
        Narrative.SelectMany(b => b.Drafts).ShouldBeEmpty();
    }

    [Fact]
    public void The_first_part_is_as_published()
    {
        var part = Published.GetProperty("other").GetProperty("part1");
        var blocks = Sample.Yiyang.Document.Parts.OfType<TextPart>().Single(p => p.Key == "overview").Blocks;
        blocks.Select(b => b.Heading).ShouldBe(part.GetProperty("headings").EnumerateArray().Select(h => h.GetString()));
        blocks[0].Text.Split('\n').ShouldBe(part.GetProperty("duties").EnumerateArray().Select(d => d.GetString()));
        blocks[2].Text.ShouldBe(Text(part, "orgText"));
        blocks[3].Text.ShouldBe(Text(part, "subordinateText"));
    }

    [Fact]
    public void Titles_parts_glossary_and_attachment_are_as_published()
    {
        Made.GetProperty("unit").GetRawText().Where(c => !char.IsWhiteSpace(c)).ShouldBe(Published.GetProperty("unit").GetRawText().Where(c => !char.IsWhiteSpace(c)));
        Sample.Yiyang.Document.Parts.Select(p => p.Title).ShouldBe(Published.GetProperty("other").GetProperty("partHeadings").EnumerateArray().Select(h => h.GetString()));
        Sample.Yiyang.Document.Parts.OfType<GlossaryPart>().Single().Entries.Select(e => (e.Term, e.Definition)).ShouldBe(
            Published.GetProperty("glossary").EnumerateArray().Select(g => (Text(g, "term")!, Text(g, "definition")!)));
        Sample.Yiyang.Document.Parts.OfType<AttachmentsPart>().Single().Titles.ShouldBe(["2024年度益阳市社会保险服务中心绩效自评报告.pdf"]);
    }

    [Fact]
    public void Titles_and_notes_of_the_tables_are_as_published_but_for_one_word()
    {
        foreach (var table in Published.GetProperty("tables").EnumerateObject())
        {
            var made = Sample.Yiyang.Document.Tables.Single(t => t.Id == table.Name);

            // The published 公开08 says 国有资产经营; the budget law (第五条) and the form itself say 国有资本经营.
            made.Title.ShouldBe(Corrected(Text(table.Value, "title")!));
            string.Concat(made.Notes).ShouldBe(Corrected(string.Concat(table.Value.GetProperty("notes").EnumerateArray().Select(n => n.GetString()))));
        }

        // The conversion to text made some punctuation half-width.
        static string Corrected(string text) => text.Replace("国有资产经营", "国有资本经营", StringComparison.Ordinal)
            .Replace("注:", "注：", StringComparison.Ordinal).Replace("万元时,", "万元时，", StringComparison.Ordinal);
    }

    [Fact]
    public void Every_number_of_the_document_has_an_address_whose_events_add_up_to_its_exact_value()
    {
        var figures = Made.GetProperty("figures").EnumerateArray().Select(f => Text(f, "address")!).ToList();
        figures.ShouldBeUnique();
        figures.Count.ShouldBe(Sample.Yiyang.Document.Figures.Count);

        // All printed cells and all placed numbers are figures.
        var cells = Sample.Yiyang.Document.Tables.SelectMany(t => t.Rows).SelectMany(r => r.Cells).Where(c => c.Text is not null).Select(c => c.Address);
        var placed = Sample.Yiyang.Document.Parts.OfType<TextPart>().SelectMany(p => p.Blocks).SelectMany(b => b.Figures).Select(f => f.Address);
        cells.Concat(placed).ShouldBeSubsetOf(figures);

        foreach (var figure in Sample.Yiyang.Document.Figures)
        {
            ExplainingTest.AddUp(Explaining.Explain(figure, Sample.Yiyang.Books)).ShouldBe(figure.Exact, figure.Address);
        }
    }

    [Fact]
    public void A_replay_gives_the_same_bytes()
    {
        var replayed = Sample.Report(new(YearBooks.From(Sample.Yiyang.Year, Sample.Yiyang.Recorded.Reverse()), null));
        JsonWriter.Write(replayed).ShouldBe(JsonWriter.Write(Sample.Yiyang.Document));
        HtmlWriter.Write(replayed).ShouldBe(HtmlWriter.Write(Sample.Yiyang.Document));
    }

    [Fact]
    public void The_cell_that_misses_the_sum_of_its_parts_is_rounded_from_its_own_total()
    {
        // 201 + 208 + 210 + 221 print 45.61 + 714.15 + 40.85 + 41.09 = 841.70; the total of 8,416,900.00 元 prints 841.69.
        var cells = Sample.Yiyang.Document.Figures.ToDictionary(f => f.Address, f => f.Printed);
        cells["公开01/57/金额"].ShouldBe("841.69");
        ((string[])["31", "38", "39", "49"]).Sum(line => (long)(decimal.Parse(cells[$"公开01/{line}/金额"]!, System.Globalization.CultureInfo.InvariantCulture) * 100)).ShouldBe(84170);
    }

    private static IReadOnlyList<TextBlock> Narrative => Sample.Yiyang.Document.Parts.OfType<TextPart>().Single(p => p.Key == "narrative").Blocks;

    private static string? Text(JsonElement element, string key) => element.TryGetProperty(key, out var value) ? value.ToString() : null;

    private static string Squeeze(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
