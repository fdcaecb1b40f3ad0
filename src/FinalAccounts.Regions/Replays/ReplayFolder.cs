using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Reporting;

namespace FinalAccounts.Regions.Replays;

/// <summary>
/// The fresh place that a replay writes to, a folder for each document. A folder is written under another name and gets its own
/// when it is complete: so a replay that was killed knows what is done, and goes on with the rest.
/// </summary>
internal sealed class ReplayFolder : IDisposable
{
    private const string PlanFile = "plan.json";
    private const string LockFile = "lock";
    private const string Unfinished = ".new";

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase),
            new TextConverter<DepartmentCode>(t => new(t)), new TextConverter<RegionCode>(t => new(t)), new TextConverter<FiscalYear>(t => new(int.Parse(t, System.Globalization.CultureInfo.InvariantCulture))),
        },
    };

    private readonly string path;
    private readonly FileStream hold;

    private ReplayFolder(string path, FileStream hold, ReplayPlan plan) => (this.path, this.hold, Plan) = (path, hold, plan);

    /// <summary>What is replayed: as it was when the replay began.</summary>
    public ReplayPlan Plan { get; }

    /// <summary>Begins a replay in an empty folder or one that is not there, or takes up one that was begun with the same plan.</summary>
    /// <param name="wanted">The plan; of one that was begun, the head is that of then.</param>
    /// <exception cref="RegionException">The folder has something else in it, a replay that is complete, or one that runs.</exception>
    /// <exception cref="IOException">The folder can't be written.</exception>
    public static ReplayFolder Open(string path, ReplayPlan wanted)
    {
        Directory.CreateDirectory(path);
        var planFile = Path.Combine(path, PlanFile);
        if (!File.Exists(planFile) && Directory.EnumerateFileSystemEntries(path).Any(e => Path.GetFileName(e) is not (LockFile or PlanFile + Unfinished)))
        {
            throw new RegionException(RegionProblem.ReplayFolderTaken, path);
        }

        var hold = Hold(path);
        try
        {
            if (!File.Exists(planFile))
            {
                WriteWhole(planFile, JsonSerializer.SerializeToUtf8Bytes(wanted, Options));
            }

            // What stands in the file counts, also for who has written it just now.
            var plan = JsonSerializer.Deserialize<ReplayPlan>(File.ReadAllBytes(planFile), Options);
            if (plan is null || plan with { Head = wanted.Head } != wanted || File.Exists(Path.Combine(path, ReplayReport.FileName)))
            {
                throw new RegionException(RegionProblem.ReplayFolderTaken, path);
            }

            foreach (var half in Directory.EnumerateDirectories(path, "*" + Unfinished))
            {
                Directory.Delete(half, recursive: true);
            }

            return new(path, hold, plan);
        }
        catch (JsonException)
        {
            hold.Dispose();
            throw new RegionException(RegionProblem.ReplayFolderTaken, path);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>What was found out about a document before the replay was interrupted; null when it is still to be done.</summary>
    public ReplayedDocument? Find(string name)
    {
        var file = Path.Combine(path, name, ReplayReport.FileName);
        return File.Exists(file) ? JsonSerializer.Deserialize<ReplayedDocument>(File.ReadAllBytes(file), Options) : null;
    }

    /// <summary>Writes a document's folder, all or nothing.</summary>
    public void Write(string name, ReplayedDocument document, IEnumerable<(string Name, byte[] Content)> files)
    {
        var half = Path.Combine(path, name + Unfinished);
        Directory.CreateDirectory(half);
        foreach (var (file, content) in files.Append((ReplayReport.FileName, JsonSerializer.SerializeToUtf8Bytes(document, Options))))
        {
            File.WriteAllBytes(Path.Combine(half, file), content);
        }

        Directory.Move(half, Path.Combine(path, name));
    }

    /// <summary>Writes the report, with which the replay is complete.</summary>
    public void Finish(ReplayReport report) => WriteWhole(Path.Combine(path, ReplayReport.FileName), JsonSerializer.SerializeToUtf8Bytes(report, Options));

    public void Dispose() => hold.Dispose();

    /// <summary>The facts of a year as a file: an object per key, in order; what does not apply is left out. Money is in fen.</summary>
    public static byte[] Facts(YearTotals totals)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (var (key, value) in totals.Totals.OrderBy(t => t.Key.ToString(), StringComparer.Ordinal))
            {
                json.WriteStartObject();
                Member("measure", key.Measure.Term());
                Member("function", key.Function?.ToString());
                Member("economic", key.Economic?.ToString());
                Member("fund", key.Fund?.Term());
                Member("kind", key.Kind?.Term());
                Member("project", key.Project);
                Member("source", key.Source?.Term());
                Member("name", key.Name);
                Member("counterparty", key.Counterparty?.ToString());
                json.WritePropertyName("value");
                json.WriteRawValue(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
                json.WriteEndObject();
            }

            json.WriteEndArray();

            void Member(string name, string? text)
            {
                if (text is not null)
                {
                    json.WriteString(name, text);
                }
            }
        }

        return bytes.ToArray();
    }

    private static FileStream Hold(string path)
    {
        try
        {
            // Goes with the process, however that ends.
            return new(Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new RegionException(RegionProblem.ReplayRunning, path);
        }
    }

    private static void WriteWhole(string file, byte[] content)
    {
        File.WriteAllBytes(file + Unfinished, content);
        File.Move(file + Unfinished, file, overwrite: true);
    }

    private sealed class TextConverter<T>(Func<string, T> parse) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return parse(reader.GetString() ?? "");
            }
            catch (FormatException e)
            {
                throw new JsonException(e.Message, e);
            }
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value!.ToString());
    }
}

/// <summary>What a replay is about; one that is taken up again must be about the same.</summary>
/// <param name="Head">Up to where the log is replayed.</param>
/// <param name="Year">Only this year; null for all.</param>
/// <param name="Department">Only this department; null for all.</param>
/// <param name="Program">The program that replays.</param>
/// <param name="Forms">SHA-256 over the form packs that it replays with.</param>
internal sealed record ReplayPlan(RegionCode Region, Seal Head, FiscalYear? Year, DepartmentCode? Department, string Program, string Forms);
