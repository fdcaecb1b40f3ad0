using System.IO.Compression;
using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Server.Imports;

/// <summary>Why an upload is not read at all.</summary>
public enum UploadProblem
{
    /// <summary>There is no file in it.</summary>
    NoFile,

    /// <summary>More files than <see cref="UploadLimits.Files"/>.</summary>
    TooManyFiles,

    /// <summary>A file's name is a path, or longer than <see cref="UploadLimits.NameCharacters"/>.</summary>
    NameWrong,

    /// <summary>Two files have one name.</summary>
    NameTwice,

    /// <summary>An archive can't be unpacked.</summary>
    ArchiveBroken,

    /// <summary>More than <see cref="UploadLimits.Bytes"/>, or unpacked more than <see cref="ImportLimits.UnpackedBytes"/>.</summary>
    TooLarge,

    /// <summary>The books are of another region, department or year than the place that they were sent to.</summary>
    OtherBooks,

    /// <summary>Too many uploads are being recorded; try again later.</summary>
    NoRoom,
}

/// <summary>An upload that is not read.</summary>
public sealed class UploadException(UploadProblem problem, string? name = null) : Exception(problem.ToString())
{
    public UploadProblem Problem { get; } = problem;

    /// <summary>The file, or what the books are of; null when none is concerned.</summary>
    public string? Name { get; } = name;
}

/// <summary>An uploaded file.</summary>
/// <param name="Name">As the sender calls it; a folder before it is left off.</param>
public sealed record UploadedFile(string Name, long Length, Func<Stream> Open);

/// <summary>What may be uploaded: a workbook, an archive (.zip) of lists, the lists themselves, or commands on lines.</summary>
internal static class UploadedBooks
{
    /// <summary>Writes the files of an upload into a folder, those of an archive unpacked.</summary>
    /// <exception cref="UploadException">It is no upload of lists.</exception>
    public static async Task WriteAsync(IReadOnlyList<UploadedFile> files, string folder, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            await using var content = file.Open();
            await using var written = File.Create(Path.Combine(folder, NameOf(file.Name)));
            await content.CopyToAsync(written, cancellationToken);
        }

        if (Directory.GetFiles(folder) is [var only] && Path.GetExtension(only).Equals(".zip", StringComparison.OrdinalIgnoreCase))
        {
            Unpack(only, folder);
            File.Delete(only);
        }
    }

    /// <summary>What the program reads: a single workbook by itself, else the folder.</summary>
    public static string Source(string folder) =>
        Directory.GetFiles(folder) is [var only] && Path.GetExtension(only).Equals(".xlsx", StringComparison.OrdinalIgnoreCase) ? only : folder;

    /// <summary>Commands on lines (NDJSON) as books.</summary>
    /// <exception cref="ImportRefusedException">Lines have errors.</exception>
    public static Import.Books ReadLines(ReadOnlyMemory<byte> utf8, RegionCode region, DepartmentCode department, FiscalYear year)
    {
        var (books, errors) = CommandLines.Read(region, department, year, utf8, FormPack.Names.Contains);
        return books ?? throw new ImportRefusedException(errors);
    }

    private static void Unpack(string archive, string folder)
    {
        try
        {
            using var zip = ZipFile.OpenRead(archive);

            // A folder in the archive is what the lists lie in; how deep is of no matter, as no two may have one name.
            var entries = zip.Entries.Where(e => e.Name.Length > 0).ToList();
            Check(entries.Select(e => e.Name), 0, UploadLimits.Bytes);
            var left = ImportLimits.UnpackedBytes;
            foreach (var entry in entries)
            {
                if (Path.GetExtension(entry.Name).Equals(".zip", StringComparison.OrdinalIgnoreCase))
                {
                    throw new UploadException(UploadProblem.ArchiveBroken, entry.Name);
                }

                using var content = entry.Open();
                using var file = File.Create(Path.Combine(folder, NameOf(entry.Name)));
                left -= Copy(content, file, left);
            }
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException)
        {
            throw new UploadException(UploadProblem.ArchiveBroken, Path.GetFileName(archive));
        }
    }

    /// <summary>Copies up to a limit: what an archive says of its entries' sizes is not believed.</summary>
    private static long Copy(Stream from, Stream to, long limit)
    {
        var buffer = new byte[81_920];
        var copied = 0L;
        for (int read; (read = from.Read(buffer)) > 0;)
        {
            copied += read;
            if (copied > limit)
            {
                throw new UploadException(UploadProblem.TooLarge);
            }

            to.Write(buffer, 0, read);
        }

        return copied;
    }

    /// <summary>Refuses what is no upload of lists by its names and size.</summary>
    /// <exception cref="UploadException">It is none.</exception>
    public static void Check(IEnumerable<string> names, long bytes, long limit)
    {
        var all = names.Select(NameOf).ToList();
        if (all.Count is 0 or > UploadLimits.Files)
        {
            throw new UploadException(all.Count == 0 ? UploadProblem.NoFile : UploadProblem.TooManyFiles);
        }

        if (bytes > limit)
        {
            throw new UploadException(UploadProblem.TooLarge);
        }

        if (all.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new UploadException(UploadProblem.NameTwice, twice.Key);
        }
    }

    /// <summary>The file's own name, without the folders that some senders put before it.</summary>
    private static string NameOf(string sent)
    {
        var name = sent.Split('/', '\\')[^1];
        return name is { Length: > 0 and <= UploadLimits.NameCharacters } and not ("." or "..") && !name.Any(char.IsControl)
            ? name
            : throw new UploadException(UploadProblem.NameWrong);
    }
}
