using FinalAccounts.Ledger;

namespace FinalAccounts.Import;

/// <summary>Reads an amount in 元 as people write it: 1234.5, 1,234.50, -1234.50. Digit by digit, without any rounding.</summary>
public static class YuanText
{
    /// <summary>The amount, or the rule that the text breaks.</summary>
    public static bool TryParse(string text, out Money amount, out ImportRule broken)
    {
        amount = default;
        broken = ImportRule.NotANumber;
        var negative = text.StartsWith('-');
        var parts = (negative ? text[1..] : text).Split('.');
        if (parts.Length > 2 || !TryUngroup(parts[0], out var yuan))
        {
            return false;
        }

        var decimals = parts.Length == 2 ? parts[1] : "";
        if (!decimals.All(char.IsAsciiDigit) || (parts.Length == 2 && decimals.Length == 0))
        {
            return false;
        }

        if (decimals.Length > 2)
        {
            broken = ImportRule.TooManyDecimals;
            return false;
        }

        // 10^12 yuan, the limit, has 13 digits; 15 of them are far from the end of a long in fen.
        var digits = yuan.TrimStart('0');
        if (digits.Length > 15)
        {
            broken = ImportRule.AmountTooLarge;
            return false;
        }

        var fen = (digits + decimals.PadRight(2, '0')).Aggregate(0L, (sum, digit) => checked((sum * 10) + (digit - '0')));
        amount = new(negative ? -fen : fen);
        broken = ImportRule.AmountTooLarge;
        return fen <= Money.InputLimit.Fen;
    }

    /// <summary>The digits without group separators, which must stand where they belong.</summary>
    private static bool TryUngroup(string text, out string digits)
    {
        digits = text.Replace(",", "", StringComparison.Ordinal);
        var groups = text.Split(',');
        return digits.Length > 0
            && digits.All(char.IsAsciiDigit)
            && (groups.Length == 1 || (groups[0].Length is >= 1 and <= 3 && groups.Skip(1).All(group => group.Length == 3)));
    }
}
