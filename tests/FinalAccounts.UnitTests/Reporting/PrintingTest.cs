using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Reporting;

public class PrintingTest
{
    [Theory]
    [InlineData(841690000, "841.69")]
    [InlineData(841694999, "841.69")] // 8416949.99 元
    [InlineData(841695000, "841.70")] // 8416950.00 元: half goes up
    [InlineData(491000000, "491.00")]
    [InlineData(-5000, "-0.01")]
    [InlineData(4999, "0.00")]
    public void A_cell_is_rounded_from_its_own_exact_total(long fen, string cell) => new NumberFormat(2).Print(Printing.InUnit(fen, "万元")).ShouldBe(cell);

    [Theory]
    [InlineData(80000000, "万元", "80")]
    [InlineData(49100000, "万元", "49.1")]
    [InlineData(0, "万元", "0")]
    [InlineData(377400000000, "亿元", "37.74")]
    public void A_sentence_drops_trailing_zeros(long fen, string unit, string text) => Printing.Money(fen, unit, NumberFormat.UpToTwo).Text.ShouldBe(text);

    [Theory]
    [InlineData(1, 1, true, "100")]
    [InlineData(1, 1, false, "100.00")]
    [InlineData(80, 92169, true, "0.09")] // 0.0868 %
    [InlineData(1, 8, true, "12.5")]
    public void Percentages_follow_the_packs_rule(long numerator, long denominator, bool trim, string text) =>
        Printing.Percent(new(numerator, denominator), PercentBase.Exact, new(2, trim)).Text.ShouldBe(text);

    [Theory]
    [InlineData(1484800000, 2, false, true, null, "1,484.80")]
    [InlineData(123456789000000, 2, true, true, null, "123,456,789")]
    [InlineData(99999999, 1, false, true, null, "100.0")] // 99.999999 万元
    [InlineData(40000, 3, true, false, null, "0.04")]
    [InlineData(4000, 3, false, false, null, "0.004")]
    [InlineData(400, 3, false, false, "0", "0")] // rounded to zero
    [InlineData(0, 2, false, false, "0", "0")]
    [InlineData(-149990000, 0, false, false, null, "-150")]
    [InlineData(500000, 0, false, false, "——", "1")] // half goes up, so it is not zero
    public void A_number_follows_the_forms_format(long fen, int decimals, bool trim, bool thousands, string? zero, string text) =>
        new NumberFormat(decimals, trim, thousands, zero).Print(Printing.InUnit(fen, "万元")).ShouldBe(text);

    [Theory]
    [InlineData(1, "一")]
    [InlineData(10, "十")]
    [InlineData(11, "十一")]
    [InlineData(20, "二十")]
    [InlineData(99, "九十九")]
    public void Headings_count_in_Chinese(int number, string text) => ChineseNumeral.Of(number).ShouldBe(text);

    [Theory]
    [InlineData(1, "①")]
    [InlineData(20, "⑳")]
    [InlineData(21, "㉑")]
    [InlineData(35, "㉟")]
    [InlineData(36, "㊱")]
    [InlineData(50, "㊿")]
    [InlineData(51, "（51）")]
    public void Projects_are_counted_in_circles(int number, string text) => ChineseNumeral.Circled(number).ShouldBe(text);
}
