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

    /// <summary>1 is ①, 20 is ⑳.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1 or above 20.</exception>
    public static string Circled(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 20);
        return ((char)('①' + number - 1)).ToString();
    }
}
