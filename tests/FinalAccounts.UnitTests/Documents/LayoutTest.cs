using FinalAccounts.Documents;
using FinalAccounts.Documents.Layout;
using FinalAccounts.Reporting;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Documents;

public class LayoutTest
{
    [Fact]
    public void A_heading_that_takes_two_lines_of_the_contents_leaves_less_height_to_each()
    {
        // Forty characters of 14 pt are 19.8 cm, which is two lines of a page that is 15.6 cm wide.
        Contents With(params string[] headings) => new(new(
            new("示例", 2031, "示例", "示例"), [new TextPart("第一部分", "narrative", [.. headings.Select(h => new TextBlock(h, 1, "", [], []))])], []));
        string[] short27 = [.. Enumerable.Range(0, 27).Select(i => $"{i}、情况")];

        With([.. short27, new string('长', 40)]).LineTwips.ShouldBe(With([.. short27, "情况", "情况"]).LineTwips);
        With([.. short27, "情况"]).LineTwips.ShouldBeGreaterThan(With([.. short27, new string('长', 40)]).LineTwips);
    }

    [Fact]
    public void The_contents_name_an_attached_report_but_not_its_headings()
    {
        TextBlock[] blocks = [new("一、单位基本情况", 1, "略。", [], [])];
        var document = SampleDisclosure.Document() with
        {
            Parts = [new TextPart("第三部分 情况说明", "narrative", blocks), new TextPart("第五部分 附件", "attachment", blocks, ListsHeadings: false)],
        };
        new Contents(document).Entries.Select(e => e.Text).ShouldBe(["第三部分 情况说明", "一、单位基本情况", "第五部分 附件"]);
    }

    [Theory]
    [InlineData(1, "一")]
    [InlineData(9, "九")]
    [InlineData(10, "十")]
    [InlineData(11, "十一")]
    [InlineData(20, "二十")]
    [InlineData(21, "二十一")]
    [InlineData(99, "九十九")]
    public void Tables_are_numbered_in_Chinese(int number, string numeral) => DocumentText.Numeral(number).ShouldBe(numeral);

    [Theory]
    [InlineData("2031年度甲局部门决算", "甲局", new[] { "2031年度", "甲局", "部门决算" })]
    [InlineData("甲局决算", "甲局", new[] { "甲局", "决算" })]
    [InlineData("决算", "甲局", new[] { "决算" })]
    [InlineData("决算", "", new[] { "决算" })]
    public void The_cover_breaks_the_title_around_the_units_name(string title, string name, string[] lines) =>
        CoverTitle.Lines(new(name, 2031, "", title)).ShouldBe(lines);

    [Fact]
    public void A_cell_stands_right_of_those_that_reach_down_from_above()
    {
        var places = GridPlaces.Place([[Head(1, 2), Head(2)], [Head(), Head()]], 3);
        places.Select(p => (p.Row, p.Column)).ShouldBe([(0, 0), (0, 1), (1, 1), (1, 2)]);
    }

    [Fact]
    public void A_layout_with_a_hole_an_overlap_or_a_cell_beyond_its_edge_is_refused()
    {
        Should.Throw<ArgumentException>(() => GridPlaces.Place([[Head()]], 2)).Message.ShouldContain("column 1 of 2");
        Should.Throw<ArgumentException>(() => GridPlaces.Place([[Head(), Head(1, 2)], [Head(2)]], 2)).Message.ShouldContain("Two cells");
        Should.Throw<ArgumentException>(() => GridPlaces.Place([[Head(1, 2)]], 1)).Message.ShouldContain("beyond");
        Should.Throw<ArgumentException>(() => GridPlaces.Place([[Head(), Head()]], 1)).Message.ShouldContain("beyond");
    }

    private static LayoutCell Head(int columns = 1, int rows = 1) => new("", LayoutCellKind.Header, columns, rows);

    [Fact]
    public void The_runs_of_a_text_are_the_text_and_each_number_and_draft_is_found_in_them()
    {
        var spans = Gen.Choose(0, 30).SelectMany(start => Gen.Choose(0, 30 - start), (start, length) => new TextSpan(start, length));
        var blocks =
            from text in Gen.Elements("甲乙1\n".ToCharArray()).ArrayOf(30)
            from figures in spans.ListOf(2)
            from drafts in spans.ListOf(2)
            select new TextBlock("", 1, new string(text), [.. figures.Select((s, i) => new PlacedFigure(s, $"{i}"))], [.. drafts]);
        Prop.ForAll(Arb.From(blocks), block =>
        {
            var runs = TextRuns.Paragraphs(block).SelectMany(p => p).ToList();
            var text = block.Text.Replace("\n", "", StringComparison.Ordinal);
            var drafts = string.Concat(block.Text.Where((c, i) => c != '\n' && block.Drafts.Any(d => d.Start <= i && i < d.Start + d.Length)));
            var first = string.Concat(block.Text.Where((c, i) => c != '\n' && Inside(block.Figures[0].Span, i)));
            return string.Concat(runs.Select(r => r.Text)) == text
                && string.Concat(runs.Where(r => r.IsDraft).Select(r => r.Text)) == drafts
                && string.Concat(runs.Where(r => r.Address == "0").Select(r => r.Text)) == first
                && runs.All(r => r.Text.Length > 0 && (r.IsDraft || !r.StartsDraft));
        }).QuickCheckThrowOnFailure();

        static bool Inside(TextSpan span, int i) => span.Start <= i && i < span.Start + span.Length;
    }

    [Fact]
    public void Columns_fill_the_page_and_have_room_for_their_numbers()
    {
        var tables =
            from widths in Gen.Choose(1, 50).NonEmptyListOf()
            where widths.Count <= 12
            from digits in Gen.Choose(1, 12).ListOf(widths.Count)
            from rows in Gen.Choose(1, 60)
            from landscape in Gen.Elements(true, false)
            select Amounts([.. widths], [.. digits.Select(d => new string('8', d) + ".00")], rows, landscape);
        Prop.ForAll(Arb.From(tables), table =>
        {
            var fit = TableFit.Of(table);
            var height = fit.HeaderLines.Concat(fit.BodyLines).Sum(fit.RowHeight);
            // Digits are half as wide as the type is high, or a little more.
            var room = table.Layout.Body[0].Zip(fit.ColumnTwips, (cell, width) =>
                width - TableFit.CellPadding >= cell.Text.Length * fit.HalfPoints * 10 * 56 / 100);
            return fit.ColumnTwips.Sum() == fit.Page.TextWidth
                && (!fit.OnePage || (height < fit.Page.TextHeight && room.All(r => r)));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(34, true)]
    [InlineData(200, false)]
    public void A_table_takes_one_page_as_long_as_its_rows_can_be_read_there(int rows, bool onePage) =>
        TableFit.Of(Amounts([1, 1, 1], ["1.00", "1.00", "1.00"], rows, landscape: true)).OnePage.ShouldBe(onePage);

    [Fact]
    public void More_rows_make_the_type_smaller_but_never_unreadable()
    {
        var sizes = new[] { 10, 30, 38, 42, 400 }.Select(rows => TableFit.Of(Amounts([1], ["1.00"], rows, landscape: true)).HalfPoints).ToList();
        sizes.Take(4).ShouldBeInOrder(SortDirection.Descending);
        sizes.ShouldAllBe(size => size >= 13 && size <= 21);
    }

    [Fact]
    public void A_slightly_smaller_type_is_taken_if_it_keeps_several_names_in_one_line()
    {
        // 42 characters fit the width of the page in 10.5 points, 46 in 9.5.
        DisclosureTable Names(int broken) => Amounts([1], [], 0, landscape: false) with
        {
            Layout = new(false, [1], [],
            [
                .. Enumerable.Range(0, 10).Select(i => (IReadOnlyList<LayoutCell>)
                    [new(new string('字', i < broken ? 46 : 10), LayoutCellKind.Name)]),
            ]),
        };
        TableFit.Of(Names(0)).HalfPoints.ShouldBe(21);
        TableFit.Of(Names(1)).HalfPoints.ShouldBe(21);
        TableFit.Of(Names(5)).HalfPoints.ShouldBeLessThan(21);
        TableFit.Of(Names(5)).BodyLines.ShouldAllBe(lines => lines == 1);
    }

    [Fact]
    public void Numbers_that_fit_no_page_do_not_stop_the_document()
    {
        var table = Amounts([1, 1, 1], [.. Enumerable.Repeat(new string('8', 200), 3)], 5, landscape: false);
        var fit = TableFit.Of(table);
        fit.OnePage.ShouldBeFalse();
        fit.ColumnTwips.Sum().ShouldBe(fit.Page.TextWidth);
    }

    [Theory]
    [InlineData("甲乙丙丁戊", 5, 1)]
    [InlineData("甲乙丙丁戊己", 5, 2)]
    [InlineData("甲乙丙丁戊）", 5, 2)]
    [InlineData("甲乙丙丁戊，己庚辛壬", 5, 3)]
    [InlineData("甲\n乙", 5, 2)]
    [InlineData("", 5, 1)]
    public void Lines_break_between_characters_but_not_before_closing_punctuation(string text, int characters, int lines) =>
        TableFit.LineCount(text, 20, characters * 200).ShouldBe(lines);

    [Fact]
    public void A_number_in_a_form_stands_in_one_line()
    {
        LayoutCell[] row = [new("年度资金总额和其他一些文字", LayoutCellKind.Text), new("58.49%", LayoutCellKind.Value), new("某局", LayoutCellKind.Value)];
        var fit = TableFit.Of(new LabelledForm("表", null, "表", [], [], null, new(false, [98, 1, 1], [], [row])));

        // Six digits of the widest face, 0.64 of the type size each, and the padding; words have room for two characters.
        fit.ColumnTwips[1].ShouldBeGreaterThanOrEqualTo((6 * 64 * fit.HalfPoints * 10 / 100) + TableFit.CellPadding);
        fit.ColumnTwips[2].ShouldBe((2 * fit.HalfPoints * 10) + TableFit.CellPadding);
    }

    private static DisclosureTable Amounts(IReadOnlyList<int> widths, IReadOnlyList<string> texts, int rows, bool landscape)
    {
        var row = texts.Select(t => new LayoutCell(t, LayoutCellKind.Amount)).ToList();
        return new(
            "公开01", "公开01表", "表", "部门", "万元", false, [], [], [],
            new(landscape, widths, [], [.. Enumerable.Repeat<IReadOnlyList<LayoutCell>>(row, rows)]));
    }
}
