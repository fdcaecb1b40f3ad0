using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Performance;

namespace FinalAccounts.Reporting;

/// <summary>What an event of the books has to do with figures and texts.</summary>
internal sealed class EventTouch
{
    private readonly IReadOnlyList<RecordedFact> current;
    private readonly IReadOnlyList<RecordedFact> prior;
    private readonly bool isConsolidated;
    private readonly bool speaks;

    private EventTouch(RecordedEvent recorded, ReportBooks books)
    {
        Recorded = recorded;
        current = [.. books.Current.FactsOf(recorded.Position)];
        prior = [.. books.Prior?.FactsOf(recorded.Position) ?? []];
        isConsolidated = books.Current.Units.Count > 0;

        // Texts are this year's, and the department's own.
        speaks = books.Current.EventAt(recorded.Position) is not null && books.Current.IsOwn(recorded.Position);
    }

    public RecordedEvent Recorded { get; }

    /// <summary>The event at a position of the log; null when it is not in the books.</summary>
    public static EventTouch? At(long position, ReportBooks books) =>
        (books.Current.EventAt(position) ?? books.Prior?.EventAt(position)) is { } recorded ? new(recorded, books) : null;

    /// <summary>What the event adds to a sum; zero when it adds nothing.</summary>
    public Int128 AmountIn(SumQuery sum)
    {
        Int128 amount = 0;
        foreach (var term in sum.Terms)
        {
            foreach (var fact in term.Year == BooksYear.Current ? current : prior)
            {
                if (term.Filter.Matches(fact.Key) && (term.Filter.Position ?? Recorded.Position) == Recorded.Position)
                {
                    amount += (Int128)term.Sign * fact.Value;
                }
            }
        }

        return amount;
    }

    /// <summary>True when the text would or could read otherwise without the event.</summary>
    public bool Feeds(PlacedText text, DisclosureDocument document) => text.Address is { } address && document.Sources.TryGetValue(address, out var sources)
        ? sources.Queries.Any(q => AmountIn(q) != 0) || Says(sources) || SaysOfForm(text, document)
        : speaks && text.Kind switch
        {
            TextKind.Cover => Recorded.Event is DepartmentRegistered,
            TextKind.Attachment => Recorded.Event is ProfileRevised,
            _ => SaysOfForm(text, document),
        };

    /// <summary>True when a text was made from what the event says in words.</summary>
    public bool Says(TextSources sources) => speaks && sources.IsFedBy(Recorded.Event, isConsolidated);

    /// <summary>A self-evaluation form is filled in with what was reported of its project.</summary>
    private bool SaysOfForm(PlacedText text, DisclosureDocument document) =>
        speaks && text.Kind is TextKind.Field or TextKind.Row && document.Forms.OfType<EvaluationForm>().FirstOrDefault(f => f.Id == text.Owner) is { } form
        && Recorded.Event switch
        {
            PerformanceTargetsSet e => e.Project == form.Project,
            PerformanceResultsReported e => e.Project == form.Project,
            SelfEvaluationReported e => e.Project == form.Project,
            _ => false,
        };
}
