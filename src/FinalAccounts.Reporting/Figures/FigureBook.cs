namespace FinalAccounts.Reporting;

/// <summary>Collects the figures of a document in order of appearance and keeps their addresses unique.</summary>
internal sealed class FigureBook
{
    private readonly List<Figure> figures = [];
    private readonly HashSet<string> addresses = [];

    public IReadOnlyList<Figure> Figures => figures;

    /// <summary>
    /// Adds a figure. When a text names the same number twice, the second gets <c>#2</c>: the order in the text is part of
    /// the form, so the address stays the same from replay to replay.
    /// </summary>
    /// <returns>The figure with its final address.</returns>
    public Figure Add(Figure figure)
    {
        var address = figure.Address;
        for (var n = 2; !addresses.Add(address); n++)
        {
            address = $"{figure.Address}#{n}";
        }

        var added = figure with { Address = address };
        figures.Add(added);
        return added;
    }
}
