using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Reporting;

namespace FinalAccounts.Regions;

/// <summary>Exact amounts as a terminal shows them.</summary>
public static class Yuan
{
    /// <summary>Yuan with group separators: <c>1,234,567.89</c>.</summary>
    public static string Of(Money money) => Of((Int128)money.Fen);

    /// <inheritdoc cref="Of(Money)"/>
    public static string Of(Int128 fen)
    {
        var magnitude = Int128.Abs(fen);
        return string.Create(CultureInfo.InvariantCulture, $"{(fen < 0 ? "-" : "")}{magnitude / 100:N0}.{magnitude % 100:00}");
    }

    /// <summary>A figure's exact value with its unit.</summary>
    public static string Exact(Figure figure, Words words) => figure switch
    {
        { IsMoney: true } => words["ExactMoney", Of(figure.Exact.Numerator)],
        { Exact.Denominator: var denominator } when denominator != 1 => words["ExactRatio", figure.Exact.Numerator, denominator],
        _ => figure.Exact.Numerator.ToString("N0", CultureInfo.InvariantCulture),
    };
}
