using System.Collections.Frozen;
using System.Globalization;
using FinalAccounts.Ledger.Statistics;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Reporting;

/// <summary>
/// How exact values become printed text. Every printed number is rounded once, from its own exact value; rounded numbers
/// are never added up.
/// </summary>
public static class Printing
{
    /// <summary>The unit of amounts unless the form pack says otherwise.</summary>
    public const string TenThousandYuan = "万元";

    public const string PercentSign = "%";

    /// <summary>The unit of a score; its values are hundredths.</summary>
    public const string Points = "分";

    private static readonly FrozenDictionary<string, long> FenPerUnit = new Dictionary<string, long>
    {
        ["元"] = 100,
        [TenThousandYuan] = 1_000_000,
        ["亿元"] = 10_000_000_000,

        // Texts that somebody wrote leave out the 元 now and then.
        ["亿"] = 10_000_000_000,
    }.ToFrozenDictionary();

    /// <summary>The units that amounts are printed in.</summary>
    public static IEnumerable<string> MoneyUnits => FenPerUnit.Keys.Where(unit => unit.EndsWith('元')).OrderBy(unit => FenPerUnit[unit]);

    public static bool IsMoney(string unit) => FenPerUnit.ContainsKey(unit);

    /// <summary>Fen in a unit of money, exactly.</summary>
    public static Ratio InUnit(Int128 fen, string unit) => new(fen, FenPerUnit[unit]);

    /// <summary>Fen in hundredths of the unit, as an amount cell prints them.</summary>
    public static long Hundredths(Int128 fen, string unit = TenThousandYuan) => checked((long)InUnit(fen, unit).Round(2));

    /// <summary>An amount and the rule that led to it, in words.</summary>
    public static (string Text, string Rounding) Money(Int128 fen, string unit, NumberFormat format) =>
        (format.Print(InUnit(fen, unit)), Messages.Text("RoundMoney", Last(format.Decimals), unit) + format.Words);

    /// <summary>A percentage.</summary>
    /// <param name="value">1 is 100 %.</param>
    /// <param name="from">What it was computed from.</param>
    public static (string Text, string Rounding) Percent(Ratio value, PercentBase from, NumberFormat format) =>
        (format.Print(new(value.Numerator * 100, value.Denominator)),
            Messages.Text(from == PercentBase.Exact ? "RoundPercentExact" : "RoundPercentPrinted", format.Decimals) + format.Words);

    public static (string Text, string Rounding) Count(Int128 value) => (NumberFormat.Whole.Print(Ratio.Whole(value)), Messages.Text("RoundNone"));

    /// <summary>A count in its unit or in ten thousands or hundred millions of it: 83,400 家 as 8.34 万家.</summary>
    public static (string Text, string Rounding) Count(Int128 value, string unit, string counted, NumberFormat format)
    {
        if (Statistic.IsInHundredths(counted))
        {
            return (format.Print(new(value, 100)), Messages.Text("RoundScore"));
        }

        var per = unit == "万" + counted ? 10_000 : unit == "亿" + counted ? 100_000_000 : 1;
        return per == 1
            ? Count(value)
            : (format.Print(new(value, per)), Messages.Text("RoundCount", Last(format.Decimals), unit) + format.Words);
    }

    /// <summary>A reported number: a whole number, or hundredths of a unit that has two decimals.</summary>
    public static (string Text, string Rounding) Reported(Int128 value, string unit) => Statistic.IsInHundredths(unit) ? Score(value) : Count(value);

    /// <summary>A score kept in hundredths of a point.</summary>
    public static (string Text, string Rounding) Score(Int128 hundredths) => (NumberFormat.UpToTwo.Print(new(hundredths, 100)), Messages.Text("RoundScore"));

    /// <summary>The last digit that is printed: 0.01 for two decimals.</summary>
    private static string Last(int decimals) => decimals == 0 ? "1" : "0." + "1".PadLeft(decimals, '0').ToString(CultureInfo.InvariantCulture);
}
