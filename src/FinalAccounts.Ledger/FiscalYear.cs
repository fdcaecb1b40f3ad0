using System.Globalization;
using NodaTime;

namespace FinalAccounts.Ledger;

/// <summary>
/// A budget year (预算年度): 1 January to 31 December (预算法 第十八条). From 2007, the first year of the functional
/// classification in use, to 2099.
/// </summary>
public readonly record struct FiscalYear : IComparable<FiscalYear>
{
    public const int First = 2007;

    public const int Last = 2099;

    /// <exception cref="ArgumentOutOfRangeException">The year is before <see cref="First"/> or after <see cref="Last"/>.</exception>
    public FiscalYear(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, First);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Last);
        Value = value;
    }

    public int Value { get; }

    public LocalDate FirstDay => new(Value, 1, 1);

    public LocalDate LastDay => new(Value, 12, 31);

    public bool Contains(LocalDate date) => date.Year == Value;

    public int CompareTo(FiscalYear other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
