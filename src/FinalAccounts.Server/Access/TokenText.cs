using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FinalAccounts.Server.Access;

/// <summary>
/// A bearer token: <c>fa_</c> and 256 random bits in base64url. A secret of that length needs no slow hash; it is looked up by its SHA-256.
/// </summary>
internal static class TokenText
{
    private const string Mark = "fa_";
    private const int SecretBytes = 32;

    // 43 characters of base64url for 32 bytes.
    private const int Length = 3 + 43;

    public static string New() => Mark + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>False for what no token looks like, so that nothing is asked of the database.</summary>
    public static bool IsPossible(string text) => text.Length == Length && text.StartsWith(Mark, StringComparison.Ordinal);

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>The beginning that is shown in lists: 48 of the 256 bits.</summary>
    public static string Prefix(string token) => token[..(Mark.Length + 8)];
}
