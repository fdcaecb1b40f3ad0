using System.Globalization;
using FinalAccounts.Ledger.Rules;

namespace FinalAccounts.Ledger.Closing;

/// <summary>
/// Where the log stood: the position and hash of its last event. Kept elsewhere, it shows a cut-off tail or a chain
/// rewritten as a whole.
/// </summary>
/// <param name="Position">The position of the last event, from 1.</param>
/// <param name="Hash">SHA-256 as 64 lower-case hexadecimal digits.</param>
public sealed record Seal(long Position, string Hash);

/// <summary>The rules of seals and hashes.</summary>
internal static class SealRules
{
    public static void Seal(this Checklist checks, Seal seal)
    {
        if (seal.Position < 1 || !IsSha256(seal.Hash))
        {
            checks.Refuse(LedgerRules.SealMalformed, Place.Of("Seal"), seal.Position.ToString(CultureInfo.InvariantCulture), seal.Hash);
        }
    }

    /// <summary>True for 64 lower-case hexadecimal digits.</summary>
    public static bool IsSha256(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
