using System.Text.Json;
using FinalAccounts.Ledger;

namespace FinalAccounts.Regions;

/// <summary>
/// Which server a region lies on, as the file says that FINALACCOUNTS_REGIONS names. Regions that it does not name lie on the default
/// server. The file is read again when it has changed, so that a region can be moved while programs run; a file that can't be understood
/// then changes nothing, and <see cref="Problem"/> says so.
/// <code>
/// { "servers": { "二号": { "application": "Host=db2;Database=finalaccounts;Username=finalaccounts_app",
///                         "owner": "Host=db2;Database=finalaccounts;Username=finalaccounts_owner" } },
///   "regions": { "430900": "二号" } }
/// </code>
/// </summary>
internal sealed class Placement : IAsyncDisposable
{
    /// <summary>Names the file; without it all regions lie on the default server.</summary>
    public const string Variable = "FINALACCOUNTS_REGIONS";

    /// <summary>Longest file, in bytes: 4 MiB.</summary>
    private const int FileBytes = 4 << 20;

    /// <summary>Most servers of a file.</summary>
    private const int ServersLimit = 1_000;

    /// <summary>The whole path to what is wrong begins so when the file as a whole is meant.</summary>
    private const string Whole = "$";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly FileInfo file;
    private readonly Lock reading = new();

    // By connection strings, so that a server whose regions change keeps its connections. What is no longer named stays open until the
    // end: somebody may be using it.
    private readonly Dictionary<(string Application, string Owner), Database> servers = [];
    private volatile Map map;

    /// <exception cref="RegionException">The file is not there, or not as it must be.</exception>
    public Placement(string path)
    {
        file = new(path);
        map = Read(Stamp.Of(file));
    }

    /// <summary>What is wrong with the file since it was changed; null when all is well.</summary>
    public RegionException? Problem => Current().Problem;

    /// <summary>The servers that the file names.</summary>
    public IReadOnlyList<Database> Servers => Current().Servers;

    /// <summary>The regions that the file names, with their servers.</summary>
    public IReadOnlyDictionary<RegionCode, Database> Regions => Current().Regions;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers.Values)
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>The map, read again when the file has changed.</summary>
    private Map Current()
    {
        var known = map;
        if (Stamp.Of(file) == known.Stamp)
        {
            return known;
        }

        lock (reading)
        {
            // Taken before reading: what changes while it is read is read again next time.
            var stamp = Stamp.Of(file);
            if (stamp == map.Stamp)
            {
                return map;
            }

            try
            {
                return map = Read(stamp);
            }
            catch (RegionException e)
            {
                return map = map with { Stamp = stamp, Problem = e };
            }
        }
    }

    private Map Read(Stamp stamp)
    {
        try
        {
            if (stamp.Length is < 0 or > FileBytes)
            {
                throw Wrong(Whole);
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(file.FullName), Lenient);
            var named = Members(document.RootElement, "servers").ToDictionary(s => s.Name, s => Server(s.Name, s.Value), StringComparer.Ordinal);
            var regions = Members(document.RootElement, "regions").ToDictionary(
                r => RegionCode.IsValid(r.Name) ? new RegionCode(r.Name) : throw Wrong($"regions.{r.Name}"),
                r => r.Value.ValueKind == JsonValueKind.String && named.TryGetValue(r.Value.GetString()!, out var server) ? server : throw Wrong($"regions.{r.Name}"));
            return named.Count <= ServersLimit ? new(stamp, [.. named.Values.Distinct()], regions, null) : throw Wrong("servers");
        }
        catch (JsonException e)
        {
            throw Wrong($"{Whole}:{e.LineNumber + 1}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // An ArgumentException is a name that stands there twice.
            throw Wrong(Whole);
        }
    }

    private IEnumerable<JsonProperty> Members(JsonElement root, string name) =>
        root.ValueKind != JsonValueKind.Object ? throw Wrong(Whole)
        : !root.TryGetProperty(name, out var members) ? []
        : members.ValueKind == JsonValueKind.Object ? members.EnumerateObject()
        : throw Wrong(name);

    private Database Server(string name, JsonElement server)
    {
        var place = $"servers.{name}";
        var application = Text(server, place, "application") ?? throw Wrong(place);
        var owner = Text(server, place, "owner") ?? application;
        if (!servers.TryGetValue((application, owner), out var database))
        {
            try
            {
                database = Database.Of(Database.Check(place, application), Database.Check(place, owner));
            }
            catch (RegionException)
            {
                throw Wrong(place);
            }

            servers[(application, owner)] = database;
        }

        return database;
    }

    private string? Text(JsonElement server, string place, string name) =>
        server.ValueKind != JsonValueKind.Object ? throw Wrong(place)
        : !server.TryGetProperty(name, out var text) ? null
        : text.ValueKind == JsonValueKind.String ? text.GetString()
        : throw Wrong($"{place}.{name}");

    /// <summary>Names the place and not what stands there: it could be a password.</summary>
    private RegionException Wrong(string place) => new(RegionProblem.PlacementWrong, file.FullName, place);

    /// <summary>By what is seen that the file has changed.</summary>
    /// <param name="Length">−1 when the file is not there.</param>
    private readonly record struct Stamp(DateTime WrittenAt, long Length)
    {
        public static Stamp Of(FileInfo file)
        {
            file.Refresh();
            return file.Exists ? new(file.LastWriteTimeUtc, file.Length) : new(default, -1);
        }
    }

    private sealed record Map(Stamp Stamp, IReadOnlyList<Database> Servers, IReadOnlyDictionary<RegionCode, Database> Regions, RegionException? Problem);
}
