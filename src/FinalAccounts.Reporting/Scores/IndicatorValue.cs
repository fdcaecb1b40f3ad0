using System.Collections.Frozen;
using System.Globalization;

namespace FinalAccounts.Reporting;

/// <summary>How a target is meant.</summary>
public enum TargetSign
{
    AtLeast,
    AtMost,
    Above,
    Below,
    Exactly,
}

/// <summary>A comparable number of a performance indicator: ≥10000人, ≤5万元, 100%.</summary>
/// <param name="Sign">The sign before the number; null for none.</param>
/// <param name="Millionths">The number in millionths of its unit, 万 and 亿 multiplied out; from 0 to 10¹⁸.</param>
/// <param name="Unit">What it counts, without 万 and 亿; empty for a bare number.</param>
public readonly record struct IndicatorValue(TargetSign? Sign, long Millionths, string Unit)
{
    private const int Decimals = 6;
    private const long PerUnit = 1_000_000;
    private const long Largest = 1_000_000_000_000 * PerUnit;

    private static readonly (string Text, TargetSign Sign)[] Signs =
    [
        ("大于或等于", TargetSign.AtLeast), ("大于等于", TargetSign.AtLeast), ("小于或等于", TargetSign.AtMost),
        ("小于等于", TargetSign.AtMost), ("不少于", TargetSign.AtLeast), ("不低于", TargetSign.AtLeast),
        ("不超过", TargetSign.AtMost), ("不高于", TargetSign.AtMost), ("不多于", TargetSign.AtMost),
        (">=", TargetSign.AtLeast), ("<=", TargetSign.AtMost), ("≥", TargetSign.AtLeast), ("≧", TargetSign.AtLeast),
        ("≤", TargetSign.AtMost), ("≦", TargetSign.AtMost), (">", TargetSign.Above), ("＞", TargetSign.Above),
        ("大于", TargetSign.Above), ("<", TargetSign.Below), ("＜", TargetSign.Below), ("小于", TargetSign.Below),
        ("=", TargetSign.Exactly), ("＝", TargetSign.Exactly), ("等于", TargetSign.Exactly),
    ];

    private static readonly FrozenDictionary<char, long> Multiples = new Dictionary<char, long> { ['万'] = 10_000, ['亿'] = 100_000_000 }.ToFrozenDictionary();

    /// <summary>The number in a text that is nothing but a number with its sign and unit; null for any other text.</summary>
    /// <param name="text">≥2次, 8.57万元, 1,200, 100 %.</param>
    /// <param name="unit">The unit where the text has none; null for none.</param>
    public static IndicatorValue? Parse(string text, string? unit = null)
    {
        var rest = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        var sign = Array.Find(Signs, s => rest.StartsWith(s.Text, StringComparison.Ordinal));
        rest = sign.Text is null ? rest : rest[sign.Text.Length..];
        var length = rest.TakeWhile(c => char.IsAsciiDigit(c) || c is '.' or ',').Count();
        if (Number(rest[..length]) is not { } millionths)
        {
            return null;
        }

        var counted = rest[length..] is { Length: > 0 } own ? own : unit ?? "";
        if (counted.Any(c => char.IsAsciiDigit(c) || "≥≤<>＞＜≧≦=＝，。；、：".Contains(c)))
        {
            return null;
        }

        var multiple = 1L;
        while (counted.Length > 0 && Multiples.TryGetValue(counted[0], out var more))
        {
            multiple *= more;
            counted = counted[1..];
        }

        return (Int128)millionths * multiple <= Largest
            ? new(sign.Text is null ? null : sign.Sign, millionths * multiple, counted)
            : null;
    }

    /// <summary>The number in millionths, digit by digit; null for what is no number.</summary>
    private static long? Number(string digits)
    {
        var parts = digits.Split('.');
        var (whole, fraction) = (parts[0], parts.Length > 1 ? parts[1] : "");
        var groups = whole.Split(',');
        var isGrouped = groups.Length == 1 || (groups[0].Length is >= 1 and <= 3 && groups.Skip(1).All(g => g.Length == 3));
        whole = string.Concat(groups);
        if (parts.Length > 2 || (parts.Length == 2 && fraction.Length == 0) || !isGrouped || fraction.Contains(',')
            || whole.Length is 0 or > 12 || fraction.Length > Decimals)
        {
            return null;
        }

        return (long.Parse(whole, CultureInfo.InvariantCulture) * PerUnit)
            + long.Parse("0" + fraction.PadRight(Decimals, '0'), CultureInfo.InvariantCulture);
    }
}
