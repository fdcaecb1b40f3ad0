using System.Text.Encodings.Web;
using System.Text.Json;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;

namespace FinalAccounts.Regions;

/// <summary>What is kept outside the database to prove a log later: where it stood, and the hashes of documents made then.</summary>
/// <param name="Files">SHA-256 by file name; empty when it belongs to no document.</param>
public sealed record SealFile(RegionCode Region, Seal Seal, IReadOnlyDictionary<string, string> Files)
{
    public const string Name = "disclosure.seal.json";

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Write(SealFile file) => JsonSerializer.SerializeToUtf8Bytes(
        new { region = file.Region.ToString(), seal = new { position = file.Seal.Position, hash = file.Seal.Hash }, files = file.Files }, Options);

    /// <summary>The seal in a file that <c>fa report</c> or <c>fa verify --json</c> wrote, and the region whose log it is of; null when the file does not say.</summary>
    /// <exception cref="JsonException">The file has no seal.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static (RegionCode? Region, Seal Seal) Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("seal", out var seal)
            && seal.ValueKind == JsonValueKind.Object
            && seal.TryGetProperty("position", out var position) && position.TryGetInt64(out var number) && number >= 0
            && seal.TryGetProperty("hash", out var hash) && hash.GetString() is { Length: 64 } text
                ? (RegionOf(document.RootElement), new(number, text))
                : throw new JsonException("There is no seal with position and hash.");
    }

    private static RegionCode? RegionOf(JsonElement file) =>
        file.TryGetProperty("region", out var region) && region.GetString() is { } code && RegionCode.IsValid(code) ? new(code) : null;
}
