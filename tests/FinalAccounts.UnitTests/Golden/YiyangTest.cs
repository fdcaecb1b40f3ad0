using System.Text.Json;
using FinalAccounts.Documents;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Fidelity;
using FinalAccounts.UnitTests.Import;
using FinalAccounts.UnitTests.Reporting;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Golden;

/// <summary>益阳市社会保险服务中心 2024.</summary>
public class YiyangTest() : GoldenTest("yiyang-2024", new(
    Cells: (201, 201),
    Numbers: (172, 172),
    Blocks: (31, 32),
    // 60 + 22 + 22 + 64 + 22 + 83 + 1 + 1 + 1 rows of 公开01 to 09.
    Rows: (276, 276),
    // 4 of the cover, 4 of each of 9 tables, 15 terms; title and note of 公开08 say 国有资产.
    Labels: (53, 55)))
{
    private static readonly JsonElement Published =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryFiles.Sample("yiyang-2024"), "published.json"))).RootElement;

    private static readonly JsonElement Made = JsonDocument.Parse(JsonWriter.Write(Sample.Of("yiyang-2024").Document)).RootElement;

    [Fact]
    public void The_text_is_as_published_without_evening_out_the_width_of_punctuation()
    {
        var tallies = Sample.Measure(Sample.Document).Tallies;
        tallies[Matter.Block].Folded.ShouldBe(0);
        tallies[Matter.Row].Folded.ShouldBe(0);
        tallies[Matter.Cell].Folded.ShouldBe(0);

        // The conversion to text made 注: and 万元时, half-width in the notes of 公开01.
        tallies[Matter.Label].Folded.ShouldBe(1);
    }

    [Fact]
    public void The_rows_stand_in_the_order_of_the_transcription()
    {
        foreach (var table in Published.GetProperty("tables").EnumerateObject())
        {
            var rows = Made.GetProperty("tables").GetProperty(table.Name).GetProperty("rows").EnumerateArray().Select(Keys);
            rows.ShouldBe(table.Value.GetProperty("rows").EnumerateArray().Select(Keys), table.Name);
        }

        static string Keys(JsonElement row) => string.Join('/', ((string[])["side", "code", "name", "line"]).Select(key => Text(row, key)));
    }

    [Fact]
    public void The_first_part_is_as_published()
    {
        var part = Published.GetProperty("other").GetProperty("part1");
        var blocks = Sample.Document.Parts.OfType<TextPart>().Single(p => p.Key == "overview").Blocks;
        blocks.Select(b => b.Heading).ShouldBe(part.GetProperty("headings").EnumerateArray().Select(h => h.GetString()));
        blocks[0].Text.Split('\n').ShouldBe(part.GetProperty("duties").EnumerateArray().Select(d => d.GetString()));
        blocks[2].Text.ShouldBe(Text(part, "orgText"));
        blocks[3].Text.ShouldBe(Text(part, "subordinateText"));
    }

    [Fact]
    public void Titles_of_parts_glossary_and_attachment_are_as_published()
    {
        Sample.Document.Parts.Select(p => p.Title).ShouldBe(Published.GetProperty("other").GetProperty("partHeadings").EnumerateArray().Select(h => h.GetString()));
        Sample.Document.Parts.OfType<GlossaryPart>().Single().Entries.Select(e => (e.Term, e.Definition)).ShouldBe(
            Published.GetProperty("glossary").EnumerateArray().Select(g => (Text(g, "term")!, Text(g, "definition")!)));
        Sample.Document.Parts.OfType<AttachmentsPart>().Single().Titles.ShouldBe(["2024年度益阳市社会保险服务中心绩效自评报告.pdf"]);
    }

    [Fact]
    public void Every_number_of_the_document_has_an_address_whose_events_add_up_to_its_exact_value()
    {
        var figures = Made.GetProperty("figures").EnumerateArray().Select(f => Text(f, "address")!).ToList();
        figures.ShouldBeUnique();
        figures.Count.ShouldBe(Sample.Document.Figures.Count);

        // All printed cells and all placed numbers are figures.
        var cells = Sample.Document.Tables.SelectMany(t => t.Rows).SelectMany(r => r.Cells).Where(c => c.Text is not null).Select(c => c.Address);
        var placed = Sample.Document.Parts.OfType<TextPart>().SelectMany(p => p.Blocks).SelectMany(b => b.Figures).Select(f => f.Address);
        cells.Concat(placed).ShouldBeSubsetOf(figures);

        foreach (var figure in Sample.Document.Figures)
        {
            ProvenanceTest.AddUp(figure, Sample.Books).ShouldBe(figure.Exact, figure.Address);
        }
    }

    [Fact]
    public void A_replay_gives_the_same_bytes()
    {
        var replayed = Sample.Report(Sample.Books with { Current = YearBooks.From(Sample.Year, Sample.Recorded.Reverse()) });
        JsonWriter.Write(replayed).ShouldBe(JsonWriter.Write(Sample.Document));
        HtmlWriter.Write(replayed).ShouldBe(HtmlWriter.Write(Sample.Document));
    }

    [Fact]
    public void The_cell_that_misses_the_sum_of_its_parts_is_rounded_from_its_own_total()
    {
        // 201 + 208 + 210 + 221 print 45.61 + 714.15 + 40.85 + 41.09 = 841.70; the total of 8,416,900.00 元 prints 841.69.
        var cells = Sample.Document.Figures.ToDictionary(f => f.Address, f => f.Printed);
        cells["公开01/57/金额"].ShouldBe("841.69");
        ((string[])["31", "38", "39", "49"]).Sum(line => (long)(decimal.Parse(cells[$"公开01/{line}/金额"]!, System.Globalization.CultureInfo.InvariantCulture) * 100)).ShouldBe(84170);
    }

    private static string? Text(JsonElement element, string key) => element.TryGetProperty(key, out var value) ? value.ToString() : null;
}
