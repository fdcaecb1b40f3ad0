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
    FigureQuery Query)
{
    /// <summary>True when the exact value is in fen.</summary>
    public bool IsMoney => Printing.IsMoney(Unit) && Exact.Denominator == 1;
}

/// <summary>An exact quotient of two whole numbers, kept as the two totals that it was formed from, not reduced.</summary>
/// <param name="Denominator">Above zero.</param>
public readonly record struct Ratio(Int128 Numerator, Int128 Denominator)
{
    public static Ratio Whole(Int128 value) => new(value, 1);

    /// <summary>The quotient; a negative denominator's sign moves to the numerator.</summary>
    /// <exception cref="DivideByZeroException">The denominator is zero and the form has no value for that.</exception>
    public static Ratio Of(Int128 numerator, Int128 denominator, Ratio? whenZero)
    {
        if (denominator == 0)
        {
            return whenZero ?? throw new DivideByZeroException("A share of nothing has no value.");
        }

        return denominator < 0 ? new(-numerator, -denominator) : new(numerator, denominator);
    }

    /// <summary>
    /// The value times a power of ten, rounded half-up to a whole number, away from zero for negative values
    /// (GB/T 8170 四舍五入).
    /// </summary>
    public Int128 Round(int decimals)
    {
        var scaled = checked(Numerator * Power(decimals));
        var (quotient, remainder) = Int128.DivRem(Int128.Abs(scaled), Denominator);
        var rounded = remainder * 2 >= Denominator ? quotient + 1 : quotient;
        return scaled < 0 ? -rounded : rounded;
    }

    private static Int128 Power(int exponent)
    {
        Int128 power = 1;
        for (var i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }
}

