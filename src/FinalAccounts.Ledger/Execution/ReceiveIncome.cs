using NodaTime;

namespace FinalAccounts.Ledger.Execution;

/// <summary>Book income (收入). The fields are those of <see cref="IncomeReceived"/>.</summary>
public sealed record ReceiveIncome(
    LocalDate Date, string Voucher, string Summary, IReadOnlyList<IncomeLine> Lines) : YearCommand(Date);

/// <summary>Income was received (收入).</summary>
/// <param name="Voucher">凭证号, unique within the year over income, expenditure and reversals.</param>
public sealed record IncomeReceived(LocalDate Date, string Voucher, string Summary, IReadOnlyList<IncomeLine> Lines) : LedgerEvent(Date);

/// <summary>A line of a receipt.</summary>
/// <param name="Amount">Not zero, in fen; below zero for a refund of income (退库).</param>
public sealed record IncomeLine(FunctionCode Function, IncomeSource Source, Fund Fund, Money Amount);
