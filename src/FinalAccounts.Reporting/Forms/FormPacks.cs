using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace FinalAccounts.Reporting.Forms;

/// <summary>The form packs that documents are built with.</summary>
/// <param name="instead">Files that stand in for those of the program; null where it has none. What it does not have, the program has.</param>
public sealed class FormPacks(PackSource? instead = null)
{
    /// <summary>The packs of the program as they are.</summary>
    public static readonly FormPacks OfProgram = new();

    private bool isAlone;
    private readonly ConcurrentDictionary<string, FormPack> read = new(StringComparer.Ordinal);

    /// <summary>A single pack from its files as they were once kept; nothing comes from the program.</summary>
    /// <param name="files">The text of each file by its path.</param>
    public static FormPacks Kept(IReadOnlyDictionary<string, string> files) => new((pack, file) => files.GetValueOrDefault($"{pack}/{file}")) { isAlone = true };

    /// <summary>SHA-256 over the files of all packs that years can be reported with: the same when documents are built with the same.</summary>
    /// <exception cref="FormPackException">A pack's files are not what a form pack is.</exception>
    public string Sha256() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Concat(FormPack.Names.Select(name => $"{name} {Load(name)!.Contents.Sha256}\n")))));

    /// <summary>The pack of a name; null when there is none.</summary>
    /// <exception cref="FormPackException">The pack's files are not what a form pack is.</exception>
    public FormPack? Load(string name) =>
        isAlone ? read.GetOrAdd(name, n => FormPack.ReadAlone(n, instead!))
        : instead is null || (!FormPack.Names.Contains(name, StringComparer.Ordinal) && instead(name, "pack.yaml") is null)
            ? FormPack.Load(name)
            : read.GetOrAdd(name, n => FormPack.Read(n, instead));
}
