namespace FinalAccounts.Reporting;

/// <summary>Chinese numerals for headings.</summary>
public static class ChineseNumeral
{
    private const string Digits = "零一二三四五六七八九";

    /// <summary>1 is 一, 10 is 十, 21 is 二十一.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1 or above 99.</exception>
    public static string Of(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 99);
        var tens = (number / 10) switch { 0 => "", 1 => "十", var n => $"{Digits[n]}十" };
        return number % 10 == 0 ? tens : tens + Digits[number % 10];
    }

    /// <summary>1 is ①, 20 is ⑳, 35 is ㉟, 50 is ㊿; beyond what Unicode circles, 51 is （51）.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public static string Circled(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        return number switch
        {
            <= 20 => ((char)('①' + number - 1)).ToString(),
            <= 35 => ((char)('㉑' + number - 21)).ToString(),
            <= 50 => ((char)('㊱' + number - 36)).ToString(),
            _ => $"（{number}）",
        };
    }
}
