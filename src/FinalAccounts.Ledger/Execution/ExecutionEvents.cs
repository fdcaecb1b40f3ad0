using NodaTime;

namespace FinalAccounts.Ledger.Execution;

/// <summary>A line of a receipt.</summary>
/// <param name="Amount">Not zero, in fen; below zero for a refund of income (退库).</param>
public sealed record IncomeLine(FunctionCode Function, IncomeSource Source, Fund Fund, Money Amount);

/// <summary>Income was received (收入).</summary>
/// <param name="Voucher">凭证号, unique within the year over income, expenditure and reversals.</param>
public sealed record IncomeReceived(LocalDate Date, string Voucher, string Summary, IReadOnlyList<IncomeLine> Lines) : LedgerEvent(Date);

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
    Money Amount);

/// <summary>Expenditure was posted (支出记账).</summary>
/// <param name="Voucher">凭证号, unique within the year over income, expenditure and reversals.</param>
public sealed record ExpenditurePosted(
    LocalDate Date, string Voucher, string Summary, IReadOnlyList<PostingLine> Lines) : LedgerEvent(Date);

/// <summary>An earlier posting, or part of it, was reversed (红字冲销).</summary>
/// <param name="Reversed">The voucher of the posting that is reversed.</param>
/// <param name="Lines">What is taken back: keys of the posting's lines, amounts above zero.</param>
public sealed record ExpenditureReversed(
    LocalDate Date, string Voucher, string Reversed, string Summary, IReadOnlyList<PostingLine> Lines) : LedgerEvent(Date);
