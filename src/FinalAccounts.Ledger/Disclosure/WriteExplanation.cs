using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Disclosure;

/// <summary>Write the reason for a figure or the text of a section. The fields are those of <see cref="ExplanationWritten"/>.</summary>
public sealed record WriteExplanation(LocalDate Date, string Subject, string Text, string Author) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.ReportDate(Date);
        checks.Name(Subject, Place.Of(nameof(Subject)));
        checks.Text(Text, Place.Of(nameof(Text)));
        checks.Name(Author, Place.Of(nameof(Author)));
        return checks.Decide(Event());
    }

    internal override bool IsIn(YearState year) =>
        year.Explanations.TryGetValue(Subject, out var found) && EventCodec.SameContent(found with { Date = Date }, Event());

    private ExplanationWritten Event() => new(Date, Subject, Text, Author);
}

/// <summary>The reason for a figure or the text of a section was written; it replaces an earlier one on the same subject.</summary>
/// <param name="Subject">What it explains, in the words of the form pack: <c>收入总计/比上年</c>, <c>2080101/比年初预算</c>.</param>
/// <param name="Text">The reason as it goes into the sentence, without a full stop.</param>
/// <param name="Author">The office or post that wrote it.</param>
public sealed record ExplanationWritten(LocalDate Date, string Subject, string Text, string Author) : LedgerEvent(Date);
