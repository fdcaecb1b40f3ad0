namespace FinalAccounts.Ledger.Closing;

/// <summary>
/// Where the log stood: the position and hash of its last event. Kept elsewhere, it shows a cut-off tail or a chain
/// rewritten as a whole.
/// </summary>
/// <param name="Hash">SHA-256 as 64 lower-case hexadecimal digits.</param>
public sealed record Seal(long Position, string Hash);
