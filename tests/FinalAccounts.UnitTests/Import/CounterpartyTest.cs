using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Import;

/// <summary>对方单位 in the lists of vouchers: may be left out, names the other side of a transfer between units.</summary>
public class CounterpartyTest
{
    private const string Received = "收-1,2024-03-01,上级补助,2080101,上级补助收入,其他资金,100.00";
    private const string Paid = "付-1,2024-03-01,补助所属单位,2080101,39999,其他资金,对附属单位补助支出,,其他收入,100.00,";

    [Fact]
    public void The_other_side_of_a_transfer_is_read()
    {
        using var copy = Copy($"{Received},117006", $"{Paid},117007");

        var commands = copy.Read().Books!.Year.Select(e => e.Command).ToList();

        commands.OfType<ReceiveIncome>().Single(c => c.Voucher == "收-1").Lines.Single().Counterparty.ShouldBe(new DepartmentCode("117006"));
        commands.OfType<PostExpenditure>().Single(c => c.Voucher == "付-1").Lines.Single().Counterparty.ShouldBe(new DepartmentCode("117007"));
    }

    [Fact]
    public void A_column_without_values_changes_nothing_that_is_stored()
    {
        using var with = Copy(Received + ",", Paid + ",");
        using var without = new BooksCopy();
        without.Append("income.csv", Received);
        without.Append("expenditure.csv", Paid);

        BooksCopy.Encoded(with.Read().Books!).ShouldBe(BooksCopy.Encoded(without.Read().Books!));
    }

    [Fact]
    public void What_is_no_code_is_reported_with_its_place()
    {
        using var copy = Copy($"{Received},117/6", $"{Paid},市人社局");

        copy.Read().Errors.Listed.Select(e => (e.RuleId, e.File, e.Line, e.Column, e.Value)).ShouldBe(
        [
            ("I-code-malformed", "income.csv", copy.Lines("income.csv").Length, "对方单位", "117/6"),
            ("I-code-malformed", "expenditure.csv", copy.Lines("expenditure.csv").Length, "对方单位", "市人社局"),
        ]);
    }

    [Fact]
    public void What_the_ledger_refuses_is_reported_at_the_cell()
    {
        using var copy = Copy($"{Received.Replace("上级补助收入", "其他收入", StringComparison.Ordinal)},117006", $"{Paid},117005");

        ImportPlan.Make(copy.Read().Books!, [], []).Errors.Listed.Select(e => (e.RuleId, e.File, e.Column, e.Value)).ShouldBe(
            [("L-PARTY-01", "income.csv", "对方单位", "117006"), ("L-PARTY-02", "expenditure.csv", "对方单位", "117005")]);
    }

    /// <summary>The sample with the column in both lists and one more row in each.</summary>
    private static BooksCopy Copy(string income, string expenditure)
    {
        var copy = new BooksCopy();
        foreach (var (file, row) in new[] { ("income.csv", income), ("expenditure.csv", expenditure) })
        {
            var lines = copy.Lines(file);
            copy.Write(file, string.Join('\n', lines.Skip(1).Select(l => l + ",").Prepend(lines[0] + ",对方单位").Append(row)) + "\n");
        }

        return copy;
    }
}
