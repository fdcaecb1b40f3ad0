namespace FinalAccounts.Reporting;

/// <summary>
/// The other way round: what of a document an event is behind. Ask it of each document that the event may be behind: this
/// year's, next year's (where it counts as last year's figure), and that of the department it is consolidated with.
/// </summary>
/// <param name="Figures">The figures that would be others without the event, in the order of the document.</param>
/// <param name="Texts">The texts that these stand in, that depend on the event without naming its amounts, or quote what it says in words.</param>
public sealed record TouchedFigures(RecordedEvent Recorded, IReadOnlyList<TouchedFigure> Figures, IReadOnlyList<PlacedText> Texts)
{
    /// <summary>What the event at a position is behind; null when it is not in the books.</summary>
    /// <param name="books">What the document was built from.</param>
    /// <param name="position">In the log, from 1.</param>
    public static TouchedFigures? Of(DisclosureDocument document, ReportBooks books, long position)
    {
        if (EventTouch.At(position, books) is not { } touch)
        {
            return null;
        }

        var figures = document.AllFigures
            .Select(f => new TouchedFigure(f, [.. f.Query.Sums.Select(s => new TouchedSum(s, touch.AmountIn(s)))]))
            .Where(f => f.Sums.Any(s => s.Amount != 0));
        return new(touch.Recorded, [.. figures], [.. PlacedText.Of(document).Where(t => t.Text.Length > 0 && t.Kind != TextKind.Row && touch.Feeds(t, document))]);
    }
}

/// <summary>A figure that an event is behind.</summary>
/// <param name="Sums">The sums that the figure is formed from, with what the event adds to each.</param>
public sealed record TouchedFigure(Figure Figure, IReadOnlyList<TouchedSum> Sums);

/// <summary>What an event adds to a sum.</summary>
/// <param name="Amount">Fen, or a whole number; with the sign that it counts with in the sum.</param>
public sealed record TouchedSum(SumQuery Sum, Int128 Amount);
