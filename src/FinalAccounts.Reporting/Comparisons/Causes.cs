namespace FinalAccounts.Reporting.Comparisons;

/// <summary>A document and the books that it was built from.</summary>
/// <param name="Books">Null when they are not at hand; differences then have no causes.</param>
public sealed record ComparedDocument(DisclosureDocument Document, ReportBooks? Books);

/// <summary>
/// Finds the events that made a difference between two points in time: those that only one side's books have, and that the
/// figure counts or the text was made from.
/// </summary>
internal sealed class Causes
{
    private readonly Side left;
    private readonly Side right;

    public Causes(ComparedDocument left, ComparedDocument right)
    {
        var (before, after) = (Positions(left.Books!), Positions(right.Books!));
        this.left = new(left, [.. before.Except(after)]);
        this.right = new(right, [.. after.Except(before)]);
    }

    /// <summary>The events behind a figure; where it counts none of them itself, those behind what it belongs to.</summary>
    public IReadOnlyList<Cause> OfFigure(string? leftAddress, string? rightAddress)
    {
        var direct = Direct(leftAddress, rightAddress);
        return direct.Count > 0 ? direct : OfText(left.TextOf(leftAddress), right.TextOf(rightAddress));
    }

    /// <summary>The events behind a text; where it was made from none of them itself, those behind its figures, then its table's.</summary>
    public IReadOnlyList<Cause> OfText(PlacedText? leftText, PlacedText? rightText)
    {
        var fed = Merged(
            left.Events.Where(Feeds).Select(e => new Cause(e.Recorded, false, null)), right.Events.Where(Feeds).Select(e => new Cause(e.Recorded, true, null)));
        if (fed.Count > 0)
        {
            return fed;
        }

        var beside = Behind(leftText?.Figures ?? [], rightText?.Figures ?? []);
        return beside.Count > 0 ? beside : Behind(left.FiguresOf(leftText?.Owner), right.FiguresOf(rightText?.Owner));

        // An event of one side may be why only the other side has the text.
        bool Feeds(EventTouch e) =>
            (leftText is not null && e.Feeds(leftText, left.Document)) || (rightText is not null && e.Feeds(rightText, right.Document));
    }

    private List<Cause> Behind(IEnumerable<string> leftFigures, IEnumerable<string> rightFigures) =>
        Merged([], leftFigures.Union(rightFigures).SelectMany(a => Direct(a, a)).Select(c => c with { Amount = null }));

    /// <summary>The events that a figure counts; where only one side has it, they are looked for with that side's query.</summary>
    private List<Cause> Direct(string? leftAddress, string? rightAddress)
    {
        var (before, after) = (left.FigureAt(leftAddress), right.FigureAt(rightAddress));

        // Numbered places move: the third item of a list may be another one on the other side.
        var isSameSum = (before ?? after)?.Query is SumQuery one && (after ?? before)?.Query is SumQuery other && one.Signature == other.Signature;
        return Merged(Counted(left, before ?? after, false), Counted(right, after ?? before, true));

        IEnumerable<Cause> Counted(Side side, Figure? figure, bool isAdded) => (figure?.Query.Sums ?? []).SelectMany(side.Counted)
            .Select(e => new Cause(e.Recorded, isAdded, !isSameSum ? null : isAdded ? e.Amount : -e.Amount));
    }

    private static HashSet<long> Positions(ReportBooks books) =>
        [.. books.Current.Events.Concat(books.Prior?.Events ?? []).Select(e => e.Position)];

    private static List<Cause> Merged(IEnumerable<Cause> left, IEnumerable<Cause> right) =>
        [.. left.Concat(right).DistinctBy(c => c.Recorded.Position).OrderBy(c => c.Recorded.Position)];

    /// <summary>One of the documents, and the positions that only its books have.</summary>
    private sealed class Side
    {
        private readonly ReportBooks books;
        private readonly HashSet<long> only;
        private readonly Dictionary<string, Figure> figures;
        private readonly Lazy<List<EventTouch>> events;
        private readonly Lazy<Dictionary<string, PlacedText>> texts;
        private readonly Lazy<ILookup<string, string>> owners;

        public Side(ComparedDocument compared, HashSet<long> only)
        {
            (Document, books, this.only) = (compared.Document, compared.Books!, only);
            figures = Document.AllFigures.ToDictionary(f => f.Address);
            events = new(() => [.. only.Order().Select(p => EventTouch.At(p, books)!)]);
            Lazy<IReadOnlyList<PlacedText>> all = new(() => PlacedText.Of(Document));
            texts = new(() => all.Value
                .SelectMany(t => t.Figures.Select(f => (Figure: f, Text: t))).DistinctBy(p => p.Figure).ToDictionary(p => p.Figure, p => p.Text));
            owners = new(() => all.Value.Where(t => t.Owner is not null)
                .SelectMany(t => t.Figures.Select(f => (Owner: t.Owner!, Figure: f))).ToLookup(p => p.Owner, p => p.Figure));
        }

        public DisclosureDocument Document { get; }

        /// <summary>The events that only this side has.</summary>
        public IReadOnlyList<EventTouch> Events => events.Value;

        public Figure? FigureAt(string? address) => address is null ? null : figures.GetValueOrDefault(address);

        public PlacedText? TextOf(string? address) => address is null ? null : texts.Value.GetValueOrDefault(address);

        public IEnumerable<string> FiguresOf(string? owner) => owner is null ? [] : owners.Value[owner];

        /// <summary>The events that only this side has and that a sum counts.</summary>
        public IEnumerable<(RecordedEvent Recorded, Int128 Amount)> Counted(SumQuery sum) =>
            only.Count == 0 || (books.Prior is null && sum.Terms.Any(t => t.Year == BooksYear.Prior)) ? []
            : ExplainedSum.Of(sum, books).Events.Where(e => e.Amount != 0 && only.Contains(e.Recorded.Position)).Select(e => (e.Recorded, e.Amount));
    }
}
