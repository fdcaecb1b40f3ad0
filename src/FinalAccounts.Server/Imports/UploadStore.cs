using System.Text.Json;
using System.Text.Json.Serialization;
using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using NodaTime;

namespace FinalAccounts.Server.Imports;

/// <summary>An upload that is kept on the disk until it is recorded, refused or forgotten.</summary>
/// <param name="At">When it was taken, in milliseconds since 1970.</param>
/// <param name="Actor">Who has sent it.</param>
/// <param name="Files">Names of the files, as they were sent.</param>
/// <param name="Job">The job that records it; null until it is confirmed.</param>
/// <param name="Attempts">How often a start of the server has taken the job up again.</param>
public sealed record StoredUpload(
    Guid Id, long At, string Actor, string Region, string Department, int Year, IReadOnlyList<string> Files, Guid? Job = null, int Attempts = 0);

[JsonSerializable(typeof(StoredUpload))]
internal sealed partial class UploadJson : JsonSerializerContext;

/// <summary>
/// Uploads on the disk, a folder each: the files, and a note of whose they are and which job records them. So no upload needs memory, and
/// what is being recorded is taken up again when the server comes back.
/// </summary>
public sealed class UploadStore(string root, IClock clock)
{
    /// <summary>How long an upload waits to be confirmed.</summary>
    public static readonly Duration Waiting = Duration.FromHours(2);

    private const string NoteName = "upload.json";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Lock changing = new();

    /// <summary>Keeps an upload.</summary>
    /// <exception cref="UploadException">It is no upload of lists, or there is no room for it.</exception>
    public async Task<StoredUpload> TakeAsync(
        IReadOnlyList<UploadedFile> files, RegionCode region, DepartmentCode department, FiscalYear year, string actor, CancellationToken cancellationToken)
    {
        UploadedBooks.Check(files.Select(f => f.Name), files.Sum(f => f.Length), UploadLimits.Bytes);
        lock (changing)
        {
            MakeRoom(files.Sum(f => f.Length));
        }

        var upload = new StoredUpload(
            Guid.CreateVersion7(), clock.GetCurrentInstant().ToUnixTimeMilliseconds(), actor, region.ToString(), department.ToString(), year.Value,
            [.. files.Select(f => Path.GetFileName(f.Name))]);
        try
        {
            var lists = FilesOf(upload);
            CreateFolder(lists);
            await UploadedBooks.WriteAsync(files, lists, cancellationToken);
            Write(upload);
            return upload;
        }
        catch
        {
            Remove(upload);
            throw;
        }
    }

    /// <summary>Reads and checks the lists of an upload. They are not held: the upload must stay until all is done.</summary>
    /// <exception cref="UploadException">They are of another department or year.</exception>
    /// <exception cref="ImportRefusedException">They have errors.</exception>
    public Import.Books Read(StoredUpload upload, IProgress<ImportProgress>? progress = null)
    {
        var (region, department, year) = (new RegionCode(upload.Region), new DepartmentCode(upload.Department), new FiscalYear(upload.Year));
        if (Directory.GetFiles(FilesOf(upload)) is [var lines] && Path.GetFileName(lines) == CommandLines.FileName)
        {
            return UploadedBooks.ReadLines(File.ReadAllBytes(lines), region, department, year);
        }

        var books = Importing.Read(UploadedBooks.Source(FilesOf(upload)), progress);
        return books.Region == region && books.DepartmentCode == department && books.FiscalYear == year
            ? books
            : throw new UploadException(UploadProblem.OtherBooks, $"{books.Region} / {books.DepartmentCode} / {books.FiscalYear}");
    }

    /// <summary>The files of an upload by their names, unpacked.</summary>
    public IEnumerable<(string Name, Func<Stream> Open)> Files(StoredUpload upload) =>
        Directory.EnumerateFiles(FilesOf(upload)).Select(f => (Path.GetFileName(f), (Func<Stream>)(() => File.OpenRead(f))));

    /// <returns>Null when there is none, or it is forgotten.</returns>
    public StoredUpload? Find(Guid id)
    {
        lock (changing)
        {
            return ReadNote(Path.Combine(root, $"{id:N}"));
        }
    }

    /// <summary>All uploads, the oldest first.</summary>
    public IReadOnlyList<StoredUpload> All()
    {
        lock (changing)
        {
            return Directory.Exists(root) ? [.. Directory.EnumerateDirectories(root).Select(ReadNote).OfType<StoredUpload>().OrderBy(u => u.At)] : [];
        }
    }

    /// <summary>Notes what has become of an upload.</summary>
    public void Write(StoredUpload upload)
    {
        lock (changing)
        {
            // A rename leaves the old note or the new one, whatever happens.
            var note = Path.Combine(FolderOf(upload), NoteName);
            File.WriteAllBytes($"{note}.new", JsonSerializer.SerializeToUtf8Bytes(upload, UploadJson.Default.StoredUpload));
            File.Move($"{note}.new", note, overwrite: true);
        }
    }

    public void Remove(StoredUpload upload)
    {
        lock (changing)
        {
            if (Directory.Exists(FolderOf(upload)))
            {
                Directory.Delete(FolderOf(upload), recursive: true);
            }
        }
    }

    /// <summary>Removes what a server that was killed has left half written. Before the first upload.</summary>
    public void Tidy()
    {
        lock (changing)
        {
            foreach (var folder in Directory.Exists(root) ? Directory.GetDirectories(root) : [])
            {
                if (ReadNote(folder) is null)
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
        }
    }

    /// <summary>Forgets uploads that were not confirmed: those that have waited too long, and the oldest while there are too many.</summary>
    private void MakeRoom(long bytes)
    {
        var uploads = All();
        var (count, used) = (uploads.Count, uploads.Sum(BytesOf));
        var now = clock.GetCurrentInstant();
        foreach (var old in uploads.Where(u => u.Job is null))
        {
            var isFull = count >= UploadLimits.Stored || used + bytes > UploadLimits.StoredBytes;
            if (isFull || now - Instant.FromUnixTimeMilliseconds(old.At) > Waiting)
            {
                (count, used) = (count - 1, used - BytesOf(old));
                Remove(old);
            }
        }

        if (count >= UploadLimits.Stored || used + bytes > UploadLimits.StoredBytes)
        {
            throw new UploadException(UploadProblem.NoRoom);
        }
    }

    private long BytesOf(StoredUpload upload) => new DirectoryInfo(FilesOf(upload)).EnumerateFiles().Sum(f => f.Length);

    private static StoredUpload? ReadNote(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, NoteName)), UploadJson.Default.StoredUpload);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }

    private string FolderOf(StoredUpload upload) => Path.Combine(root, $"{upload.Id:N}");

    /// <summary>The folder's name stands in errors that concern no single file.</summary>
    private string FilesOf(StoredUpload upload) => Path.Combine(FolderOf(upload), $"{upload.Department}-{upload.Year}");
}
