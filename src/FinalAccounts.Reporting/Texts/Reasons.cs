using System.Text.RegularExpressions;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Reporting;

/// <summary>A sum that a draft quotes.</summary>
/// <param name="Label">What it is called in addresses.</param>
/// <param name="Query">What it is the sum of; not below zero, because the words say which way.</param>
internal sealed record QuotedSum(string Label, SumQuery Query);

/// <summary>
/// What is said about a change: gathers from the books what a draft of its reason can name, for the form pack to put into
/// words, and holds written reasons against the figures.
/// </summary>
internal sealed partial class Reasons(FormPack pack, ReportBooks books, Subjects subjects)
{
    /// <summary>The name of the pack's partial that words a draft.</summary>
    public const string DraftPartial = "draft";

    /// <summary>What the pack's words for a draft are filled with; null when the books know nothing about the subject.</summary>
    public Dictionary<string, object?>? DraftOf(string subject, Narrowing narrowing)
    {
        if (!pack.Files.Partials.ContainsKey(DraftPartial) || subjects.ChangeOf(subject, narrowing) is not { } change)
        {
            return null;
        }

        var events = change.With == ComparedWith.Budget ? change.By(ChangeAspect.Event)?.Parts ?? [] : [];
        var changes = events.Select(p => (p.Kind, p.Amount, Words: EventWords(subject, p))).ToList();
        Dictionary<string, object?> draft = new()
        {
            ["againstBudget"] = change.With == ComparedWith.Budget,
            ["againstPrior"] = change.With == ComparedWith.PriorYear,
            ["rose"] = change.Amount > 0,
            ["fell"] = change.Amount < 0,
            ["base"] = Quoted($"{subject}/{change.Base.Name}", change.Base, 1),
            ["hasBase"] = Printing.Hundredths(change.Base.Total(books)) != 0,
            ["changes"] = changes.ConvertAll(c => c.Words),
            ["supplemented"] = Of(ChangeEventKind.Supplement, _ => true),
            ["withdrawn"] = Of(ChangeEventKind.Withdrawal, _ => true),
            ["movedIn"] = Of(ChangeEventKind.Reallocation, amount => amount > 0),
            ["movedOut"] = Of(ChangeEventKind.Reallocation, amount => amount < 0),
            ["reversed"] = Of(ChangeEventKind.Reversal, _ => true),
        };
        Codes(draft, "byItem", "moreItems", subject, change.By(ChangeAspect.Item), code => CodeNames.Of(books, new FunctionCode(code)));
        Codes(draft, "byEconomic", "moreEconomics", subject, change.By(ChangeAspect.Economic), code => CodeNames.Of(books, new EconomicCode(code)));
        Codes(draft, "byProject", "moreProjects", subject, change.By(ChangeAspect.Project), project => project);
        return draft;

        List<Dictionary<string, object?>> Of(ChangeEventKind kind, Func<Int128, bool> wanted) =>
            [.. changes.Where(c => c.Kind == kind && wanted(c.Amount)).Select(c => c.Words)];
    }

    /// <summary>The sums that a subject compares, on which a draft depends; none when they are not known.</summary>
    public IEnumerable<SumQuery> Compared(string subject, Narrowing narrowing) =>
        subjects.Compared(subject, narrowing) is { } compared ? [compared.Value, compared.Base] : [];

    /// <summary>What is wrong with a written reason; null when nothing is, or nothing can be said.</summary>
    public ReportFinding? Check(string subject, Narrowing narrowing, string written)
    {
        if (subjects.Compared(subject, narrowing) is not { } compared)
        {
            return null;
        }

        // As printed: a sentence that says 持平 has nothing to contradict.
        var direction = Printing.Hundredths(compared.Value.Total(books)).CompareTo(Printing.Hundredths(compared.Base.Total(books)));
        var text = Reference().Replace(written, "");
        var (right, wrong) = direction > 0 ? (pack.Directions.Up, pack.Directions.Down) : (pack.Directions.Down, pack.Directions.Up);
        if (direction == 0 || right.Any(Says) || wrong.Where(Says).ToList() is not { Count: > 0 } said)
        {
            return null;
        }

        return new(ReportRules.ReasonContradicts, subject, [Amount(compared.Value), Amount(compared.Base), string.Join('、', said)]);

        bool Says(string word) => text.Contains(word, StringComparison.Ordinal);

        string Amount(SumQuery sum) => new Money(checked((long)sum.Total(books))).ToYuan();
    }

    private Dictionary<string, object?> EventWords(string subject, ChangePart part)
    {
        var (measure, purpose) = part.Recorded?.Event switch
        {
            BudgetSupplemented e => (Measure.Supplement.Term(), e.Purpose),
            BudgetWithdrawn e => (Measure.Withdrawal.Term(), e.Purpose),
            BudgetReallocated e => (Measure.Reallocation.Term(), e.Purpose),
            ExpenditureReversed e => (Messages.Text("ChangeReversal"), e.Summary),
            _ => (Measure.OpeningBalance.Term(), ""),
        };
        return new()
        {
            ["kind"] = measure,
            ["purpose"] = Marks.Clean(purpose),
            ["document"] = Marks.Clean(part.Key),

            // 年中追加的日常运转工作经费 says itself what it is.
            ["said"] = purpose.Contains(measure, StringComparison.Ordinal),
            ["rose"] = part.Amount > 0,
            ["amount"] = Quoted($"{subject}/{part.Key}", part.Query, part.Amount),
        };
    }

    private void Codes(Dictionary<string, object?> draft, string list, string more, string subject, ChangeBreakdown? breakdown, Func<string, string> nameOf)
    {
        var parts = (breakdown?.Parts ?? []).Where(p => Printing.Hundredths(p.Amount) != 0).ToList();
        draft[more] = parts.Count > pack.DraftParts;
        draft[list] = parts.Take(pack.DraftParts).Select(p => new Dictionary<string, object?>
        {
            ["code"] = p.Key,
            ["name"] = Marks.Clean(nameOf(p.Key)),
            ["rose"] = p.Amount > 0,
            ["amount"] = Quoted($"{subject}/{p.Key}", p.Query, p.Amount),
        }).ToList();
    }

    private static QuotedSum Quoted(string label, SumQuery query, Int128 amount) => new(
        label, amount >= 0 ? query : query with { Terms = [.. query.Terms.Select(t => t with { Sign = -t.Sign })] });

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Reference();
}
