using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Performance;

namespace FinalAccounts.Regions;

/// <summary>How an event reads in a list.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Number">Document or voucher number; empty when it has none.</param>
/// <param name="Text">Purpose, summary or subject; may be empty.</param>
/// <param name="Amount">The money that it is about; null when it is about none.</param>
public sealed record EventWords(string Kind, string Number, string Text, Money? Amount)
{
    public static EventWords Of(LedgerEvent @event, Words words)
    {
        var kind = EventCatalogue.Name(EventCodec.TypeOf(@event), words.Culture);
        return @event switch
        {
            DepartmentRegistered e => new(kind, e.Code.ToString(), e.Name, null),
            FiscalYearOpened e => new(kind, "", e.FormPack, e.OpeningBalances.Sum(l => l.Amount)),
            BudgetAppropriated e => new(kind, e.DocumentNumber, e.Purpose, e.Lines.Sum(l => l.Amount)),
            BudgetSupplemented e => new(kind, e.DocumentNumber, e.Purpose, e.Lines.Sum(l => l.Amount)),
            BudgetWithdrawn e => new(kind, e.DocumentNumber, e.Purpose, -e.Lines.Sum(l => l.Amount)),
            BudgetReallocated e => new(kind, e.DocumentNumber, e.Purpose, e.To.Sum(l => l.Amount)),
            IncomeReceived e => new(kind, e.Voucher, e.Summary, e.Lines.Sum(l => l.Amount)),
            ExpenditurePosted e => new(kind, e.Voucher, e.Summary, e.Lines.Sum(l => l.Amount)),
            ExpenditureReversed e => new(kind, e.Voucher, words["ReversalOf", e.Reversed, e.Summary], -e.Lines.Sum(l => l.Amount)),
            NonFiscalSurplusUsed e => new(kind, e.DocumentNumber, e.Summary, e.Amount),
            SurplusDistributed e => new(kind, e.DocumentNumber, e.Summary, e.Amount),
            CarryOverDetermined e => new(kind, "", "", e.Lines.Sum(l => l.Amount)),
            PerformanceTargetsSet e => new(kind, "", e.Project ?? "", null),
            PerformanceResultsReported e => new(kind, "", e.Project ?? "", null),
            SelfEvaluationReported e => new(kind, "", e.Project ?? "", null),
            ExplanationWritten e => new(kind, "", e.Subject, null),
            ComparativesImported e => new(kind, "", e.Year.ToString(), null),
            MembersDetermined e => new(kind, "", string.Join('、', e.Members), null),
            YearSubmitted => new(kind, "", "", null),
            YearClosed e => new(kind, "", "", e.TotalExpenditure),
            YearReopened e => new(kind, "", e.Reason, null),
            _ => new(kind, "", "", null),
        };
    }
}
