using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;

namespace FinalAccounts.Ledger.Execution;

/// <summary>What one unit of a department pays to another, of its own money: the two ways, each booked on two sides.</summary>
public enum Transfer
{
    /// <summary>From a superior to its affiliate: 对附属单位补助支出 there, 上级补助收入 here.</summary>
    Subsidy,

    /// <summary>From an affiliate to its superior: 上缴上级支出 there, 附属单位上缴收入 here.</summary>
    Remittance,
}

/// <summary>The two sides of a transfer.</summary>
public static class Transfers
{
    /// <summary>How the payer books it.</summary>
    public static SpendingKind SpendingKind(this Transfer transfer) =>
        transfer == Transfer.Subsidy ? Ledger.SpendingKind.SubsidyToAffiliate : Ledger.SpendingKind.RemittanceToSuperior;

    /// <summary>How the receiver books it.</summary>
    public static IncomeSource IncomeSource(this Transfer transfer) =>
        transfer == Transfer.Subsidy ? Ledger.IncomeSource.SubsidyFromSuperior : Ledger.IncomeSource.RemittanceFromAffiliate;

    public static bool IsTransfer(SpendingKind kind) => Enum.GetValues<Transfer>().Any(t => t.SpendingKind() == kind);

    public static bool IsTransfer(IncomeSource source) => Enum.GetValues<Transfer>().Any(t => t.IncomeSource() == source);

    /// <summary>The other side can be named on a transfer only, and is somebody else.</summary>
    /// <param name="term">The kind or source that the line is booked as.</param>
    internal static void Counterparty(
        this Checklist checks, DepartmentCode? counterparty, bool isTransfer, string term, Place place, YearState year)
    {
        if (counterparty is not { } other)
        {
            return;
        }

        if (!isTransfer)
        {
            checks.Refuse(LedgerRules.CounterpartyOfNoTransfer, place, other.ToString(), term);
        }
        else if (other == year.Opening!.Department)
        {
            checks.Refuse(LedgerRules.CounterpartyIsItself, place, other.ToString());
        }
    }
}
