namespace FinalAccounts.Reporting;

/// <summary>
/// A published number: where it stands, what it is exactly, what is printed, and the rule that leads from one to the other.
/// </summary>
/// <param name="Address">Unique in the document: <c>公开05/2080101/本年支出/小计</c>, <c>说明/五（三）2/完成年初预算的百分比</c>.</param>
/// <param name="Name">What it is, in words.</param>
/// <param name="Unit">As printed: 万元, %, 人, 辆, …</param>
/// <param name="Exact">The exact value: fen for money, a ratio for percentages (1 is 100 %), otherwise a whole number.</param>
/// <param name="Printed">As printed; null for a blank cell.</param>
/// <param name="Rounding">The rule, in words.</param>
/// <param name="Query">What it is computed from.</param>
public sealed record Figure(
    string Address,
    string Name,
    string Unit,
    Ratio Exact,
    string? Printed,
    string Rounding,
    FigureQuery Query);

/// <summary>An exact quotient of two whole numbers, kept as the two totals that it was formed from, not reduced.</summary>
/// <param name="Denominator">Above zero.</param>
public readonly record struct Ratio(Int128 Numerator, Int128 Denominator)
{
    public static Ratio Whole(long value) => new(value, 1);
}

/// <summary>What a figure is computed from.</summary>
public abstract record FigureQuery;
