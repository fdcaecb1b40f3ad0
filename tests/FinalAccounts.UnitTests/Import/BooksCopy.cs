using System.Text;
using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Statistics;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.UnitTests.Import;

/// <summary>A copy of a sample's books in a folder of its own, to be broken in one place at a time.</summary>
internal sealed class BooksCopy : IDisposable
{
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    public BooksCopy(string sample = "yiyang-2024")
    {
        Folder = Directory.CreateTempSubdirectory("books-").FullName;
        foreach (var file in Directory.EnumerateFiles(RepositoryFiles.Sample(sample)))
        {
            File.Copy(file, PathOf(Path.GetFileName(file)));
        }
    }

    public string Folder { get; }

    public static IReadOnlyList<Statistic>? Standards(string formPack) => FormPack.Load(formPack)?.Standards;

    /// <summary>What the books give in an empty log, as it is stored: the same bytes mean the same events in the same order.</summary>
    public static IReadOnlyList<string> Encoded(Books books) =>
    [
        .. ImportPlan.Make(books, [], []).Plan!.Streams.SelectMany(s => s.Events).Select(e => Encoding.UTF8.GetString(EventCodec.Encode(e).Body)),
    ];

    public string PathOf(string file) => Path.Combine(Folder, file);

    public string Text(string file) => File.ReadAllText(PathOf(file), Utf8);

    public string[] Lines(string file) => File.ReadAllLines(PathOf(file), Utf8);

    public void Write(string file, string text) => File.WriteAllText(PathOf(file), text, Utf8);

    /// <summary>Replaces the first occurrence; the text must be there.</summary>
    public void Replace(string file, string old, string @new)
    {
        var text = Text(file);
        var at = text.IndexOf(old, StringComparison.Ordinal);
        if (at < 0)
        {
            throw new ArgumentException($"'{old}' is not in {file}.");
        }

        Write(file, text[..at] + @new + text[(at + old.Length)..]);
    }

    /// <summary>Replaces a line, counted from 1.</summary>
    public void ReplaceLine(string file, int line, string text)
    {
        var lines = Lines(file);
        lines[line - 1] = text;
        Write(file, string.Join('\n', lines) + "\n");
    }

    public void Append(string file, string line) => File.AppendAllText(PathOf(file), line + "\n", Utf8);

    public ReadResult Read() => BooksReader.Read(Folder, Standards);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
