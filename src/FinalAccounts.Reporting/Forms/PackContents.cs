using System.Security.Cryptography;
using System.Text;

namespace FinalAccounts.Reporting.Forms;

/// <summary>A file of a form pack.</summary>
/// <param name="path">The pack's name, a slash, the file's name.</param>
public sealed class PackContent(string path, string text)
{
    public string Path { get; } = path;

    /// <summary>The text in UTF-8.</summary>
    public byte[] Bytes { get; } = Encoding.UTF8.GetBytes(text);

    /// <summary>SHA-256 of the bytes, 64 lower-case hexadecimal digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Bytes));
}

/// <summary>The files of a form pack, by which it can be told whether it is still the same.</summary>
/// <param name="files">In ordinal order of their paths.</param>
public sealed class PackContents(IReadOnlyList<PackContent> files)
{
    public IReadOnlyList<PackContent> Files { get; } = files;

    /// <summary>A line per file, as <c>sha256sum</c> writes and checks it: SHA-256, two spaces, path.</summary>
    public byte[] List() => Encoding.UTF8.GetBytes(string.Concat(Files.Select(f => $"{f.Sha256}  {f.Path}\n")));

    /// <summary>SHA-256 of the list: the same for packs that have the same files.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(List()));

    /// <summary>The SHA-256 of each path in a list that <see cref="List"/> gave.</summary>
    /// <exception cref="FormatException">It is no such list.</exception>
    public static IReadOnlyDictionary<string, string> ReadList(ReadOnlySpan<byte> list)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Encoding.UTF8.GetString(list).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split("  ", 2) is not [{ Length: 64 } sha256, { Length: > 0 } path] || !files.TryAdd(path, sha256))
            {
                throw new FormatException($"'{line}' is not a SHA-256 and a path that was not there before.");
            }
        }

        return files;
    }
}
