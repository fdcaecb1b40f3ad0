using FinalAccounts.Ledger.Execution;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Golden;

/// <summary>From 本年支出合计 of each sample down to the vouchers, which add up to the fen. Expected are the lines of the lists.</summary>
public class VoucherTest
{
    [Theory]
    [InlineData("yiyang-2023")]
    [InlineData("yiyang-2024")]
    [InlineData("zhuzhou-2020")]
    [InlineData("haidong-2024")]
    [InlineData("huaihua-2024")]
    public void All_spending_of_the_year_is_its_vouchers(string name)
    {
        var sample = Sample.Of(name);
        var row = sample.Document.Tables.First().Rows.Single(r => r.Name?.Trim() == "本年支出合计");
        Check(sample, sample.Document.Figures.Single(f => f.Address == row.Cells[^1].Address));
    }

    /// <summary>A report without tables says the same in its base data and texts.</summary>
    [Theory]
    [InlineData("shuangpai-2023")]
    [InlineData("shuangpai-2024")]
    public void So_it_is_where_there_is_no_table(string name)
    {
        var sample = Sample.Of(name);
        Check(sample, sample.Document.Figures.First(f => f.Query is SumQuery { Terms: [{ Year: BooksYear.Current, Filter: var filter }] } && IsAllSpending(filter)));
    }

    private static bool IsAllSpending(FactFilter filter) =>
        filter is { Measure: Measure.Expenditure, Function: null, Economics: null, Kind: null, Project: null };

    private static void Check(Sample sample, Figure figure)
    {
        var pack = FormPack.Load(sample.Books.Current.Opened!.FormPack)!;
        var sum = Provenance.Of(figure, sample.Books, pack).Operands.Single().Sum;
        var vouchers = sample.Recorded.Where(e => e.Event is ExpenditurePosted or ExpenditureReversed).ToList();

        sum.Events.Select(e => e.Recorded).ShouldBe(vouchers.OrderBy(e => e.Position));
        foreach (var e in sum.Events)
        {
            e.Amount.ShouldBe(Fen(e.Recorded));
        }

        Ratio.Whole(vouchers.Aggregate((Int128)0, (total, e) => total + Fen(e))).ShouldBe(figure.Exact);
        sum.Events[^1].RunningTotal.ShouldBe(figure.Exact.Numerator);

        // Each way of taking it apart leads to the same vouchers.
        foreach (var decomposition in sum.Decompositions)
        {
            decomposition.Parts.SelectMany(p => sum.Part(decomposition.Aspect, p.Key).Events).Aggregate((Int128)0, (total, e) => total + e.Amount).ShouldBe(sum.Total);
        }
    }

    private static Int128 Fen(RecordedEvent recorded) => recorded.Event switch
    {
        ExpenditurePosted e => e.Lines.Aggregate((Int128)0, (total, l) => total + l.Amount.Fen),
        ExpenditureReversed e => e.Lines.Aggregate((Int128)0, (total, l) => total - l.Amount.Fen),
        _ => throw new ArgumentOutOfRangeException(nameof(recorded)),
    };
}
