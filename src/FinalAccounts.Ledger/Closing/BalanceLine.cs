namespace FinalAccounts.Ledger.Closing;

/// <summary>A balance by fund, and by function, kind and project where it is known.</summary>
/// <param name="Amount">Not zero, in fen.</param>
public sealed record BalanceLine(FunctionCode? Function, Fund Fund, SpendingKind? Kind, string? Project, Money Amount);
