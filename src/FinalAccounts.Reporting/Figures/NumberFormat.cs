using System.Globalization;

namespace FinalAccounts.Reporting;

/// <summary>How a form prints a number: decimals, trailing zeros, thousands separator, its word for zero.</summary>
/// <param name="Decimals">0 to 9.</param>
/// <param name="Trim">True when trailing zeros are dropped: 100 instead of 100.00.</param>
/// <param name="Thousands">True for 1,484.80.</param>
/// <param name="Zero">What stands for a value that is rounded to zero; null for zero like any other number.</param>
public sealed record NumberFormat(int Decimals, bool Trim = false, bool Thousands = false, string? Zero = null)
{
    /// <summary>Names of the formats that the program uses where nothing else is said.</summary>
    public const string Cell = "表";
    public const string Amount = "金额";
    public const string Percent = "百分比";

    /// <summary>Whole numbers as they are.</summary>
    public static readonly NumberFormat Whole = new(0);

    /// <summary>Up to two decimals.</summary>
    public static readonly NumberFormat UpToTwo = new(2, Trim: true);

    /// <summary>A value, rounded once: half-up, away from zero for negative values (GB/T 8170 四舍五入).</summary>
    public string Print(Ratio value)
    {
        var scaled = value.Round(Decimals);
        if (scaled == 0 && Zero is not null)
        {
            return Zero;
        }

        var digits = Int128.Abs(scaled).ToString(CultureInfo.InvariantCulture).PadLeft(Decimals + 1, '0');
        var (whole, fraction) = (digits[..^Decimals], digits[^Decimals..]);
        if (Thousands)
        {
            whole = Int128.Parse(whole, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture);
        }

        fraction = Trim ? fraction.TrimEnd('0') : fraction;
        return (scaled < 0 ? "-" : "") + whole + (fraction.Length == 0 ? "" : "." + fraction);
    }

    /// <summary>What the format adds to a rounding rule, in words.</summary>
    internal string Words => Trim ? Messages.Text("TrimZeros") : "";
}
