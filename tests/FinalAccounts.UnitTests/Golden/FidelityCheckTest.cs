using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Fidelity;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Golden;

/// <summary>The comparison itself: a sample's document, which is as published, is broken in one place at a time.</summary>
public class FidelityCheckTest
{
    private static readonly Sample Sample = Sample.Yiyang;

    [Fact]
    public void An_untouched_document_is_explained()
    {
        var result = Sample.Measure(Sample.Document);

        result.IsExplained.ShouldBeTrue();
        result.Differences.Select(d => d.Where).ShouldBe(["公开08/标题", "公开08/注", "说明/（二）绩效评价结果。", "说明/（二）绩效评价结果。"], ignoreOrder: true);
    }

    [Fact]
    public void A_changed_cell_is_found()
    {
        var document = Table("公开05", rows => Replace(rows, r => r.Code == "2080101", r => Cell(r, "本年支出/小计", "573.67")));

        Only(document).ShouldBe(new(Matter.Cell, "公开05/2080101/本年支出/小计", "573.66", "573.67", null));
        Sample.Measure(document).Tallies[Matter.Cell].ShouldBe(new Tally(200, 201, 0));
    }

    [Fact]
    public void A_cell_that_should_be_blank_is_found()
    {
        var document = Table("公开01", rows => Replace(rows, r => r.Line == 2, r => Cell(r, "金额", "0.00")));

        Only(document).ShouldBe(new(Matter.Cell, "公开01/收入/2/金额", null, "0.00", null));
        Sample.Measure(document).Tallies[Matter.Cell].ShouldBe(new Tally(201, 201, 0));
    }

    [Fact]
    public void A_cell_that_should_not_be_blank_is_found()
    {
        var document = Table("公开01", rows => Replace(rows, r => r.Line == 57, r => Cell(r, "金额", null)));

        Only(document).ShouldBe(new(Matter.Cell, "公开01/支出/57/金额", "841.69", null, null));
    }

    [Fact]
    public void A_missing_row_is_found_with_its_cells()
    {
        var document = Table("公开02", rows => [.. rows.Where(r => r.Code != "2010501")]);

        var found = Undeclared(document);
        found.ShouldContain(new FidelityDifference(Matter.Row, "公开02/2010501", "行政运行", null, null));
        found.ShouldContain(new FidelityDifference(Matter.Cell, "公开02/2010501/本年收入合计", "45.61", null, null));

        // The other one is 财政拨款收入; the row's further cells are blank.
        found.Count.ShouldBe(3);
    }

    [Fact]
    public void An_extra_row_is_found_with_its_cells()
    {
        var document = Table("公开02", rows => [.. rows, new(null, "2299999", "其他支出", null, [new("本年收入合计", "1.00", null), new("财政拨款收入", null, null)])]);

        Undeclared(document).ShouldBe(
        [
            new(Matter.Row, "公开02/2299999", null, "其他支出", null),
            new(Matter.Cell, "公开02/2299999/本年收入合计", null, "1.00", null),
        ]);
    }

    [Fact]
    public void Of_two_rows_of_the_same_name_the_second_is_found_when_it_is_missing()
    {
        var twice = Sample.Published.Published with { Tables = [.. Sample.Published.Published.Tables.Select(t => t.Id == "公开02" ? t with { Rows = [.. t.Rows, t.Rows[1]] } : t)] };

        var result = FidelityCheck.Compare(twice, Sample.Document, Sample.Published.Declared);

        result.Undeclared.First().Where.ShouldBe("公开02/201#2");
    }

    [Fact]
    public void Another_name_of_a_row_is_found_and_does_not_hide_its_cells()
    {
        var document = Table("公开03", rows => Replace(rows, r => r.Code == "2080101", r => Cell(r with { Name = "运行" }, "基本支出", "1.00")));

        Undeclared(document).ShouldBe(
        [
            new(Matter.Row, "公开03/2080101/名称", "行政运行", "运行", null),
            new(Matter.Cell, "公开03/2080101/基本支出", "573.66", "1.00", null),
        ]);
    }

    [Fact]
    public void Rows_in_another_order_are_found()
    {
        // Both in meaning and on the page.
        var document = Tables(t => t.Id == "公开02"
            ? t with { Rows = Swapped(t.Rows), Layout = t.Layout with { Body = Swapped(t.Layout.Body) } }
            : t);

        Only(document).ShouldBe(new(Matter.Row, "公开02/行序", null, null, null));
    }

    [Fact]
    public void A_missing_table_is_found_and_all_of_it_counts()
    {
        var document = Sample.Document with
        {
            Parts = [.. Sample.Document.Parts.Select(p => p is TablesPart t ? t with { Tables = [.. t.Tables.Where(x => x.Id != "公开06")] } : p)],
        };

        Only(document).ShouldBe(new(Matter.Label, "公开06", "一般公共预算财政拨款基本支出决算明细表", null, null));
        Sample.Measure(document).Tallies[Matter.Cell].ShouldBe(new Tally(201 - 29, 201, 0));
        Sample.Measure(document).Tallies[Matter.Row].ShouldBe(new Tally(276 - 83, 276, 0));
    }

    [Fact]
    public void Another_note_of_a_table_is_found_by_the_words_that_differ()
    {
        var document = Tables(t => t.Id == "公开02" ? t with { Notes = [t.Notes[0].Replace("各项收入情况", "各项支出情况", StringComparison.Ordinal)] } : t);

        Only(document).ShouldBe(new(Matter.Label, "公开02/注", "度取得的各项收入情况。本表金", "度取得的各项支出情况。本表金", null));
    }

    [Fact]
    public void A_changed_number_is_found_once()
    {
        // 2024年度收入总计841.69万元。
        var document = Narrative(b => b.Heading == "一、收入支出决算总体情况说明"
            ? b with { Text = Put(b.Text, b.Figures[0].Span, "841.70") }
            : b, figure => figure.Address == Block("一、收入支出决算总体情况说明").Figures[0].Address ? figure with { Printed = "841.70" } : figure);

        Only(document).ShouldBe(new(Matter.Number, "说明/一、收入支出决算总体情况说明/收入总计", "841.69 万元", "841.70 万元", null));
        var tallies = Sample.Measure(document).Tallies;
        tallies[Matter.Number].ShouldBe(new Tally(171, 172, 0));
        tallies[Matter.Block].ShouldBe(new Tally(30, 32, 0));
    }

    [Fact]
    public void A_number_that_is_no_figure_is_found_though_its_text_is_right()
    {
        var document = Narrative(b => b.Heading == "一、收入支出决算总体情况说明" ? b with { Figures = [.. b.Figures.Skip(1)] } : b);

        Only(document).ShouldBe(new(Matter.Number, "说明/一、收入支出决算总体情况说明/收入总计", "841.69 万元", null, null));
        Sample.Measure(document).Tallies[Matter.Block].ShouldBe(new Tally(31, 32, 0));
    }

    [Fact]
    public void A_number_in_another_unit_is_found()
    {
        var address = Block("一、收入支出决算总体情况说明").Figures[0].Address;
        var document = Narrative(b => b, figure => figure.Address == address ? figure with { Unit = "元" } : figure);

        Only(document).ShouldBe(new(Matter.Number, "说明/一、收入支出决算总体情况说明/收入总计", "841.69 万元", "841.69 元", null));
    }

    [Fact]
    public void A_number_that_the_published_text_does_not_have_is_found()
    {
        var block = Block("二、收入决算情况说明");
        var document = Narrative(b => b.Heading == block.Heading
            ? b with { Text = b.Text + "7人。", Figures = [.. b.Figures, new(new(b.Text.Length, 1), "more")] }
            : b, null, block.Figures.Select(f => f.Address).Take(1).Select(a => Sample.Document.Figures.Single(f => f.Address == a) with { Address = "more", Printed = "7", Unit = "人" }));

        var found = Undeclared(document);
        found[0].ShouldBe(new(Matter.Number, "说明/二、收入决算情况说明/more", null, "7 人", null));
        found[1].Matter.ShouldBe(Matter.Block);
        found[1].Computed!.ShouldEndWith("7人。");
    }

    [Fact]
    public void A_date_that_the_transcription_does_not_list_may_be_a_figure()
    {
        // 截至2024年12月31日，…: the published text has it, the list of numbers does not.
        var block = Block("十二、关于国有资产占用情况说明");
        block.Text.ShouldStartWith("截至2024年");
        var document = Narrative(b => b.Heading == block.Heading
            ? b with { Figures = [new(new(2, 4), "year"), .. b.Figures] }
            : b, null, [Sample.Document.Figures.First(f => f.Unit == "辆") with { Address = "year", Printed = "2024", Unit = "年" }]);

        Undeclared(document).ShouldBeEmpty();
    }

    [Fact]
    public void Another_word_of_a_block_is_found_with_the_words_around_it()
    {
        var document = Narrative(b => b.Heading == "一、收入支出决算总体情况说明"
            ? b with { Text = Put(b.Text, new(b.Text.IndexOf("收入总计减少", StringComparison.Ordinal) + 4, 2), "增加") }
            : b);

        Only(document).ShouldBe(new(Matter.Block, "说明/一、收入支出决算总体情况说明", "比，收入总计减少80万元，减", "比，收入总计增加80万元，减", null));
    }

    [Fact]
    public void A_missing_block_is_found_with_its_numbers()
    {
        var document = Blocks(blocks => [.. blocks.Where(b => b.Heading != "九、关于机关运行经费支出说明")]);

        var found = Undeclared(document);
        found[0].Where.ShouldBe("说明/九、关于机关运行经费支出说明");
        found[0].Computed.ShouldBeNull();

        found.Skip(1).ShouldAllBe(d => d.Matter == Matter.Number && d.Computed == null);
        found.Count.ShouldBe(1 + Sample.Published.Published.Numbers.Count(n => n.Section == "3.九"));
    }

    [Fact]
    public void An_extra_block_is_found()
    {
        var document = Blocks(blocks => [.. blocks, new("十四、其他", 1, "无。", [], [])]);

        Only(document).ShouldBe(new(Matter.Block, "说明/十四、其他", null, "十四、其他无。", null));
    }

    [Fact]
    public void Blocks_in_another_order_are_found()
    {
        var document = Blocks(blocks => [blocks[1], blocks[0], .. blocks.Skip(2)]);

        Undeclared(document).Where(d => d.Matter == Matter.Block).Count().ShouldBe(2);
    }

    [Fact]
    public void A_declared_difference_has_its_cause_and_is_not_counted_as_equal()
    {
        var document = Table("公开05", rows => Replace(rows, r => r.Code == "2080101", r => Cell(r, "本年支出/小计", "573.67")));

        var result = Declaring(document, new() { Where = "公开05/2080101/本年支出/小计", Published = "573.66", Computed = "573.67", Cause = "笔误" });

        result.IsExplained.ShouldBeTrue();
        result.Differences.Single(d => d.Matter == Matter.Cell).Cause.ShouldBe("笔误");
        result.Tallies[Matter.Cell].ShouldBe(new Tally(200, 201, 0));
    }

    [Theory]
    [InlineData("573.66", "573.68")]
    [InlineData("573.65", "573.67")]
    [InlineData(null, "573.67")]
    public void A_declaration_of_other_values_declares_nothing(string? published, string? computed)
    {
        var document = Table("公开05", rows => Replace(rows, r => r.Code == "2080101", r => Cell(r, "本年支出/小计", "573.67")));

        var result = Declaring(document, new() { Where = "公开05/2080101/本年支出/小计", Published = published, Computed = computed, Cause = "笔误" });

        result.Undeclared.Count().ShouldBe(1);
        result.Stale.Count.ShouldBe(1);
    }

    [Fact]
    public void A_declared_difference_that_does_not_occur_is_stale()
    {
        var result = Declaring(Sample.Document, new() { Where = "公开05/2080101/本年支出/小计", Published = "573.66", Computed = "573.67", Cause = "笔误" });

        result.Undeclared.ShouldBeEmpty();
        result.Stale.Select(d => d.Where).ShouldBe(["公开05/2080101/本年支出/小计"]);
        result.IsExplained.ShouldBeFalse();
    }

    [Fact]
    public void A_declared_passage_does_not_cover_another_difference_of_the_block()
    {
        const string Heading = "（二）绩效评价结果。";
        var document = Narrative(b => b.Heading == Heading ? b with { Text = b.Text.Replace("加强资产管理", "加强财产管理", StringComparison.Ordinal) } : b);

        Only(document).Published!.ShouldContain("加强资产管理");
    }

    [Fact]
    public void A_passage_that_stands_in_the_text_more_than_once_declares_nothing()
    {
        var result = FidelityCheck.Compare(
            Sample.Published.Published, Sample.Document,
            [.. Sample.Published.Declared.Where(d => d.Where.StartsWith("公开08", StringComparison.Ordinal)), new() { Where = "说明/（二）绩效评价结果。", Published = "。。", Computed = "。", Cause = "多一个句号" }]);

        // 活动。。发现, 预算。。下一步, and 完成补发。。, which is the department's own.
        result.Undeclared.Count().ShouldBe(2);
        result.Stale.Count.ShouldBe(1);
    }

    [Fact]
    public void The_list_mark_of_the_conversion_is_no_difference_but_a_sign_is()
    {
        var marked = Sample.Published.Published with
        {
            Texts = [.. Sample.Published.Published.Texts.Select(t => t with { Text = t.Text.Replace("\n2、公务用车", "\n- 2、公务用车", StringComparison.Ordinal) })],
        };
        marked.Texts.ShouldContain(t => t.Text.Contains("- 2、", StringComparison.Ordinal));
        FidelityCheck.Compare(marked, Sample.Document, Sample.Published.Declared).IsExplained.ShouldBeTrue();

        var negative = Table("公开05", rows => Replace(rows, r => r.Code == "2080101", r => Cell(r, "本年支出/小计", "-573.66")));
        Only(negative).Computed.ShouldBe("-573.66");
    }

    [Fact]
    public void A_place_without_a_transcribed_number_is_refused()
    {
        var wrong = Sample.Published.Published with { Numbers = [Sample.Published.Published.Numbers[0] with { Value = "841.68" }] };

        Should.Throw<TranscriptionException>(() => FidelityCheck.Compare(wrong, Sample.Document, [])).Message.ShouldContain("841.68");
    }

    private static IReadOnlyList<FidelityDifference> Undeclared(DisclosureDocument document)
    {
        var result = Sample.Measure(document);
        result.Stale.ShouldBeEmpty();
        return [.. result.Undeclared];
    }

    private static FidelityDifference Only(DisclosureDocument document) => Undeclared(document).ShouldHaveSingleItem();

    private static FidelityResult Declaring(DisclosureDocument document, DeclaredDifference declared) =>
        FidelityCheck.Compare(Sample.Published.Published, document, [.. Sample.Published.Declared, declared]);

    private static DisclosureDocument Table(string id, Func<IReadOnlyList<TableRow>, IReadOnlyList<TableRow>> change) =>
        Tables(t => t.Id == id ? t with { Rows = change(t.Rows) } : t);

    private static DisclosureDocument Tables(Func<DisclosureTable, DisclosureTable> change) => Sample.Document with
    {
        Parts = [.. Sample.Document.Parts.Select(p => p is TablesPart tables ? tables with { Tables = [.. tables.Tables.Select(change)] } : p)],
    };

    private static IReadOnlyList<TableRow> Replace(IReadOnlyList<TableRow> rows, Func<TableRow, bool> which, Func<TableRow, TableRow> change)
    {
        rows.Count(which).ShouldBe(1);
        return [.. rows.Select(r => which(r) ? change(r) : r)];
    }

    private static TableRow Cell(TableRow row, string column, string? text) =>
        row with { Cells = [.. row.Cells.Select(c => c.Column == column ? c with { Text = text } : c)] };

    private static TextBlock Block(string heading) =>
        Sample.Document.Parts.OfType<TextPart>().SelectMany(p => p.Blocks).Single(b => b.Heading == heading);

    private static DisclosureDocument Blocks(Func<IReadOnlyList<TextBlock>, IReadOnlyList<TextBlock>> change) => Sample.Document with
    {
        Parts = [.. Sample.Document.Parts.Select(p => p is TextPart { Key: "narrative" } texts ? texts with { Blocks = change(texts.Blocks) } : p)],
    };

    private static DisclosureDocument Narrative(
        Func<TextBlock, TextBlock> change, Func<Figure, Figure>? changeFigure = null, IEnumerable<Figure>? more = null) =>
        Blocks(blocks => [.. blocks.Select(change)]) with
        {
            Figures = [.. Sample.Document.Figures.Select(changeFigure ?? (f => f)), .. more ?? []],
        };

    private static IReadOnlyList<T> Swapped<T>(IReadOnlyList<T> rows) => [rows[0], rows[2], rows[1], .. rows.Skip(3)];

    private static string Put(string text, TextSpan span, string by) => text[..span.Start] + by + text[(span.Start + span.Length)..];
}
