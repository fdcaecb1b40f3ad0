using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FinalAccounts.EventLog.Files;

/// <summary>A file of a folder of documents does not hold what its list says. Nothing was stored of it or behind it.</summary>
/// <param name="file">The file's name, without the folder.</param>
/// <param name="line">The line of the list; 0 when it is about a document's own file.</param>
public sealed class DocumentFileException(string file, long line) : Exception($"{file}, line {line}: not what was written.")
{
    public string File { get; } = file;

    public long Line { get; } = line;
}

/// <summary>
/// The documents of a region as files of a folder: what was published, and what it was made with. Each has its SHA-256 for its name; a list
/// (<see cref="ListName"/>, JSON Lines) says what is there. The log's own file names the documents by their hashes and does not hold them.
/// </summary>
public static class DocumentFiles
{
    /// <summary>The list: <c>{"sha256":"…","mediaType":"…"}</c> for each document, in the order of their hashes.</summary>
    public const string ListName = "documents.jsonl";

    /// <summary>Most bytes of the list: some hundred thousand documents.</summary>
    private const int ListBytes = 64 * 1024 * 1024;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes all documents. The same documents give the same files; the list is written last.</summary>
    /// <param name="folder">Made when it is not there; files of the same names are replaced.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="DocumentDamagedException">A stored document does not have its hash.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    /// <exception cref="IOException">A file can't be written.</exception>
    public static async Task<int> WriteAsync(DocumentStore documents, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var list = new StringBuilder();
        var hashes = await documents.ListAsync(cancellationToken);
        foreach (var sha256 in hashes)
        {
            // What is listed is there: nothing is ever taken out.
            var document = await documents.ReadAsync(sha256, cancellationToken) ?? throw new DocumentDamagedException(sha256);
            await File.WriteAllBytesAsync(Path.Combine(folder, sha256), document.Content, cancellationToken);
            list.Append(JsonSerializer.Serialize(new Listed(sha256, document.MediaType), Options)).Append('\n');
        }

        await File.WriteAllTextAsync(Path.Combine(folder, ListName), list.ToString(), cancellationToken);
        return hashes.Count;
    }

    /// <summary>Stores all documents of a folder; those that are there already stay as they are.</summary>
    /// <returns>How many the folder has.</returns>
    /// <exception cref="DocumentFileException">A file is not what was written.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached or refused to write.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static async Task<int> StoreAsync(DocumentStore documents, string folder, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var (sha256, mediaType) in await ReadListAsync(Path.Combine(folder, ListName), cancellationToken))
        {
            var content = await ReadAsync(Path.Combine(folder, sha256), LogLimits.DocumentBytes, cancellationToken);
            if (Convert.ToHexStringLower(SHA256.HashData(content)) != sha256)
            {
                throw new DocumentFileException(sha256, 0);
            }

            await documents.StoreAsync(content, mediaType, cancellationToken);
            count++;
        }

        return count;
    }

    private static async Task<IReadOnlyList<Listed>> ReadListAsync(string path, CancellationToken cancellationToken)
    {
        var lines = Encoding.UTF8.GetString(await ReadAsync(path, ListBytes, cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select((text, i) => Parse(text) ?? throw new DocumentFileException(ListName, i + 1))];
    }

    /// <returns>Null when it is no line of the list. A name that is no hash could be that of any file.</returns>
    private static Listed? Parse(string line)
    {
        try
        {
            var listed = JsonSerializer.Deserialize<Listed>(line, Options);
            LogLimits.CheckDocument([], listed?.MediaType!);
            return listed is { Sha256: { Length: 64 } sha256 } && sha256.All(char.IsAsciiHexDigitLower) ? listed : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static async Task<byte[]> ReadAsync(string path, int most, CancellationToken cancellationToken) =>
        new FileInfo(path).Length <= most
            ? await File.ReadAllBytesAsync(path, cancellationToken)
            : throw new DocumentFileException(Path.GetFileName(path), 0);

    private sealed record Listed(string Sha256, string MediaType);
}
