using FinalAccounts.Ledger;

namespace FinalAccounts.Server.Api;

/// <summary>An amount of money.</summary>
/// <param name="Fen">In fen (1/100 yuan), exactly.</param>
/// <param name="Yuan">The same in yuan with group separators: <c>1,234.50</c>.</param>
public sealed record Amount(long Fen, string Yuan)
{
    /// <exception cref="OverflowException">It is more than 2⁶³ fen; the books' limits lie far below.</exception>
    public static Amount Of(Int128 fen) => new(checked((long)fen), Regions.Yuan.Of(fen));

    public static Amount Of(Money money) => new(money.Fen, Regions.Yuan.Of(money));
}
