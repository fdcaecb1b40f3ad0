using NodaTime;

namespace FinalAccounts.Ledger.Execution;

/// <summary>Reverse a posting or part of it (红字冲销). The fields are those of <see cref="ExpenditureReversed"/>.</summary>
public sealed record ReverseExpenditure(
    LocalDate Date, string Voucher, string Reversed, string Summary, IReadOnlyList<PostingLine> Lines) : YearCommand(Date);

/// <summary>An earlier posting, or part of it, was reversed (红字冲销).</summary>
/// <param name="Reversed">The voucher of the posting that is reversed.</param>
/// <param name="Lines">What is taken back: keys of the posting's lines, amounts above zero.</param>
public sealed record ExpenditureReversed(
    LocalDate Date, string Voucher, string Reversed, string Summary, IReadOnlyList<PostingLine> Lines) : LedgerEvent(Date);
