namespace FinalAccounts.Reporting.Rollups;

/// <summary>
/// Expenditure of a region against last year: of a department, an item or an economic item. Only what is known on both sides is
/// compared; what is not known of last year is not zero.
/// </summary>
/// <param name="Key">The department's code, or the code.</param>
/// <param name="Name">What it is called; null when the chart does not have it.</param>
/// <param name="Value">This year, all departments, in fen.</param>
/// <param name="Comparable">The part of <paramref name="Value"/> whose last year is known, in fen.</param>
/// <param name="Prior">Last year of that part, in fen; null when nothing of last year is known.</param>
public sealed record RollupMover(string Key, string? Name, Int128 Value, Int128 Comparable, Int128? Prior)
{
    /// <summary>This year's comparable part less last year, in fen; null when last year is not known.</summary>
    public Int128? Difference => Comparable - Prior;

    /// <summary>The difference as a share of last year, with its sign; null when last year is zero or not known.</summary>
    public Ratio? Rate => Prior is { } before && before != 0 ? Ratio.Of(Comparable - before, Int128.Abs(before), null) : null;

    /// <summary>The part of this year of which last year is not known, in fen.</summary>
    public Int128 Unknown => Value - Comparable;

    /// <summary>The largest differences first, then what has none to show, by its value; what is zero in both years is left out.</summary>
    /// <param name="count">At least 1.</param>
    public static IReadOnlyList<RollupMover> Largest(IEnumerable<RollupMover> movers, int count) =>
    [
        .. movers.Where(m => m.Value != 0 || (m.Prior ?? 0) != 0)
            .OrderBy(m => m.Prior is null)
            .ThenByDescending(m => Int128.Abs(m.Difference ?? m.Value))
            .ThenBy(m => m.Key, StringComparer.Ordinal)
            .Take(count),
    ];
}
