using NodaTime;

namespace FinalAccounts.Ledger.Execution;

/// <summary>Post expenditure (支出记账). The fields are those of <see cref="ExpenditurePosted"/>.</summary>
public sealed record PostExpenditure(
    LocalDate Date, string Voucher, string Summary, IReadOnlyList<PostingLine> Lines) : YearCommand(Date);

/// <summary>Expenditure was posted (支出记账).</summary>
/// <param name="Voucher">凭证号, unique within the year over income, expenditure and reversals.</param>
public sealed record ExpenditurePosted(
    LocalDate Date, string Voucher, string Summary, IReadOnlyList<PostingLine> Lines) : LedgerEvent(Date);

/// <summary>A line of an expenditure voucher.</summary>
/// <param name="Project">The project's name; null for 基本支出.</param>
/// <param name="Source">The income that paid for it.</param>
/// <param name="Amount">Above zero, in fen.</param>
public sealed record PostingLine(
    FunctionCode Function,
    EconomicCode Economic,
    Fund Fund,
    SpendingKind Kind,
    string? Project,
    IncomeSource Source,
    Money Amount)
{
    /// <summary>What a reversal has to agree with.</summary>
    internal PostingLine WithoutAmount() => this with { Amount = Money.Zero };
}
