using System.Collections.Frozen;
using System.Globalization;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Reporting;

/// <summary>
/// How exact values become printed text. Every printed number is rounded once, from its own exact value; rounded numbers
/// are never added up.
/// </summary>
public static class Printing
{
    /// <summary>The unit of all amounts in tables and, unless a sentence says otherwise, in texts.</summary>
    public const string TenThousandYuan = "万元";

    public const string PercentSign = "%";

    /// <summary>The unit of a score; its values are hundredths.</summary>
    public const string Points = "分";

    private static readonly FrozenDictionary<string, long> FenPerUnit = new Dictionary<string, long>
    {
        ["元"] = 100,
        [TenThousandYuan] = 1_000_000,
        ["亿元"] = 10_000_000_000,
    }.ToFrozenDictionary();

    public static bool IsMoney(string unit) => FenPerUnit.ContainsKey(unit);

    /// <summary>Fen in hundredths of the unit, as an amount cell prints them.</summary>
    public static long Hundredths(Int128 fen, string unit = TenThousandYuan) => checked((long)new Ratio(fen, FenPerUnit[unit]).Round(2));

    /// <summary>An amount cell: always two decimals.</summary>
    public static string Cell(long hundredths) => Fixed(hundredths, 2);

    /// <summary>An amount in a sentence: up to two decimals.</summary>
    public static (string Text, string Rounding) Money(Int128 fen, string unit) =>
        (Trimmed(Hundredths(fen, unit), 2), Messages.Text("RoundMoney", unit) + Messages.Text("TrimZeros"));

    public static string CellRounding(string unit) => Messages.Text("RoundMoney", unit);

    /// <summary>A percentage by the pack's rule.</summary>
    /// <param name="value">Exact: 1 is 100 %.</param>
    public static (string Text, string Rounding) Percent(Ratio value, PercentFile rule)
    {
        var scaled = new Ratio(value.Numerator * 100, value.Denominator).Round(rule.Decimals);
        var rounding = Messages.Text(rule.Base == PercentBase.Exact ? "RoundPercentExact" : "RoundPercentPrinted", rule.Decimals);
        return rule.Trim
            ? (Trimmed(scaled, rule.Decimals), rounding + Messages.Text("TrimZeros"))
            : (Fixed(scaled, rule.Decimals), rounding);
    }

    public static (string Text, string Rounding) Count(Int128 value) => (value.ToString(CultureInfo.InvariantCulture), Messages.Text("RoundNone"));

    /// <summary>A score kept in hundredths of a point.</summary>
    public static (string Text, string Rounding) Score(Int128 hundredths) => (Trimmed(hundredths, 2), Messages.Text("RoundScore"));

    private static string Fixed(Int128 scaled, int decimals)
    {
        var digits = Int128.Abs(scaled).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var sign = scaled < 0 ? "-" : "";
        return decimals == 0 ? sign + digits : $"{sign}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    private static string Trimmed(Int128 scaled, int decimals)
    {
        var text = Fixed(scaled, decimals);
        return decimals == 0 ? text : text.TrimEnd('0').TrimEnd('.');
    }
}
