using System.Globalization;

namespace FinalAccounts.Ledger;

/// <summary>
/// An amount of money as a whole number of fen (分, 1/100 yuan). May be negative (红字). The default is zero.
/// Arithmetic is checked: a result outside the range of <see cref="long"/> throws <see cref="OverflowException"/>.
/// </summary>
public readonly record struct Money(long Fen) : IComparable<Money>
{
    /// <summary>The largest amount that an input may carry: 10¹² yuan, far above any department and far below overflow of a sum.</summary>
    public static readonly Money InputLimit = new(100_000_000_000_000);

    public static readonly Money Zero;

    public bool IsZero => Fen == 0;

    /// <summary>The amount without its sign.</summary>
    /// <exception cref="OverflowException">It is the most negative amount, which has no counterpart.</exception>
    public Money Magnitude => Fen < 0 ? -this : this;

    public static Money operator +(Money a, Money b) => new(checked(a.Fen + b.Fen));

    public static Money operator -(Money a, Money b) => new(checked(a.Fen - b.Fen));

    public static Money operator -(Money a) => new(checked(-a.Fen));

    public static bool operator <(Money a, Money b) => a.Fen < b.Fen;

    public static bool operator >(Money a, Money b) => a.Fen > b.Fen;

    public static bool operator <=(Money a, Money b) => a.Fen <= b.Fen;

    public static bool operator >=(Money a, Money b) => a.Fen >= b.Fen;

    public int CompareTo(Money other) => Fen.CompareTo(other.Fen);

    /// <summary>The amount in yuan with exactly two decimals and no group separators, as in the import files: <c>-1234.50</c>.</summary>
    public string ToYuan()
    {
        // Int128, so that the most negative long has an absolute value too.
        var magnitude = Int128.Abs(Fen);
        return string.Create(CultureInfo.InvariantCulture, $"{(Fen < 0 ? "-" : "")}{magnitude / 100}.{magnitude % 100:00}");
    }

    public override string ToString() => ToYuan();
}

/// <summary>Sums of money.</summary>
public static class MoneySums
{
    /// <summary>The checked sum; zero for an empty sequence.</summary>
    public static Money Sum(this IEnumerable<Money> amounts) => amounts.Aggregate(Money.Zero, (sum, amount) => sum + amount);

    /// <summary>The checked sum of one amount per element; zero for an empty sequence.</summary>
    public static Money Sum<T>(this IEnumerable<T> items, Func<T, Money> amount) => items.Select(amount).Sum();
}
