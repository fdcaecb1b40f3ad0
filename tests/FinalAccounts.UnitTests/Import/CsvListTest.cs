using System.Text;
using FinalAccounts.Ledger.Execution;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Import;

/// <summary>How CSV is read, seen through the summaries of receipts.</summary>
public class CsvListTest
{
    private const string Heading = "凭证号,日期,摘要,功能科目,收入来源,预算类别,金额(元)";

    static CsvListTest() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Theory]
    [InlineData("甲,乙", "\"甲,乙\"")]
    [InlineData("甲\"乙\"", "\"甲\"\"乙\"\"\"")]
    [InlineData("甲\n乙", "\"甲\n乙\"")]
    [InlineData("甲", "  甲 ")]
    [InlineData("=1+1", "=1+1")]
    public void Cells_are_text(string text, string written)
    {
        using var copy = new BooksCopy();
        copy.Write("income.csv", $"{Heading}\n{Row("记-1", written)}\n");

        Summaries(copy).ShouldBe([text]);
    }

    [Theory]
    [InlineData("甲\"乙")]
    [InlineData("\"甲\"乙")]
    [InlineData(" \"甲\"")]
    [InlineData("\"甲\" ")]
    [InlineData("\"甲")]
    public void Quotes_that_are_not_paired_or_not_alone_are_an_error_where_their_row_begins(string written)
    {
        using var copy = new BooksCopy();
        copy.Write("income.csv", $"{Heading}\n{Row("记-1", "\"甲\n乙\"")}\r\n\r\n{Row("记-2", written)}\n");

        copy.Read().Errors.Listed.Select(e => (e.RuleId, e.File, e.Line)).ShouldBe([("I-csv-broken", "income.csv", 5)]);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Lines_end_as_on_any_machine_and_empty_ones_are_no_rows(string end)
    {
        using var copy = new BooksCopy();
        copy.Write("income.csv", string.Join(end, "", Heading, "", Row("记-1", "甲"), ",,,,,,", "", Row("记-2", "\"乙\""), Row("记-3", "丙").Replace(",1.00", ",", StringComparison.Ordinal)));

        var error = copy.Read().Errors.Listed.ShouldHaveSingleItem();
        (error.RuleId, error.Line).ShouldBe(("I-value-missing", 8));
    }

    /// <summary>Whatever stands in the cells and whatever the pieces in which the file is read, the cells come back.</summary>
    [Fact]
    public void What_is_written_is_read_in_either_encoding() =>
        Prop.ForAll(
            (from texts in Gen.Elements("甲", "，", "\"", ",", "\n", "a", "长安〔2024〕1号", "￥", new string('长', 150)).ListOf(4).Select(t => $"始{string.Concat(t)}终").ListOf(700)
             from quoted in Gen.Elements(true, false).ListOf(700)
             from gb in Gen.Elements(true, false)
             select (Texts: texts, Quoted: quoted, Encoding: gb ? Encoding.GetEncoding("GB18030") : Encoding.UTF8)).ToArbitrary(),
            drawn =>
            {
                using var copy = new BooksCopy();
                var rows = drawn.Texts.Zip(drawn.Quoted).Select((t, n) => Row($"记-{n:0000}", Written(t.First, t.Second)));
                File.WriteAllText(copy.PathOf("income.csv"), string.Join("\r\n", [Heading, .. rows]), drawn.Encoding);

                Summaries(copy).ShouldBe(drawn.Texts);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(10));

    private static string Row(string number, string summary) => $"{number},2024-01-08,{summary},2010501,财政拨款收入,一般公共预算,1.00";

    private static string Written(string text, bool quoted) =>
        quoted || text.AsSpan().ContainsAny(",\"\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static IEnumerable<string> Summaries(BooksCopy copy)
    {
        var read = copy.Read();
        read.Errors.Listed.ShouldBeEmpty();
        return [.. read.Books!.Year.Select(e => e.Command).OfType<ReceiveIncome>().Select(c => c.Summary)];
    }
}
