using System.Globalization;
using System.Text.RegularExpressions;

namespace FinalAccounts.PrivatePostgres;

/// <summary>Where initdb, pg_ctl and postgres lie, and of which major version they are.</summary>
internal sealed partial record ServerBinaries(string Directory, int Version)
{
    public const int OldestVersion = 13;

    public string InitDb => Path.Combine(Directory, "initdb");

    public string PgCtl => Path.Combine(Directory, "pg_ctl");

    /// <summary>
    /// The newest installed version; for existing data the one that wrote them, because no other can read them.
    /// </summary>
    /// <param name="dataVersion">The major version of existing data; null when there are none yet.</param>
    /// <exception cref="PrivateServerException">None is installed that fits.</exception>
    public static async Task<ServerBinaries> FindAsync(string? given, int? dataVersion, CancellationToken cancellationToken)
    {
        var best = default(ServerBinaries);
        foreach (var directory in given is null ? await CandidatesAsync(cancellationToken) : [given])
        {
            if (await ReadVersionAsync(directory, cancellationToken) is { } version
                && version >= OldestVersion
                && (dataVersion is null || version == dataVersion)
                && version > (best?.Version ?? 0))
            {
                best = new(directory, version);
            }
        }

        return best ?? throw new PrivateServerException(
            PrivateServerFailure.BinariesMissing,
            dataVersion is { } v ? $"PostgreSQL {v}" : $"PostgreSQL {OldestVersion}+",
            given is null ? "" : given);
    }

    private static async Task<IReadOnlyList<string>> CandidatesAsync(CancellationToken cancellationToken)
    {
        var found = new List<string>();

        // Debian and Ubuntu; Red Hat's packages of postgresql.org; Homebrew.
        foreach (var (root, below) in new[]
        {
            ("/usr/lib/postgresql", "bin"), ("/usr", ""), ("/opt/homebrew/opt", "bin"), ("/usr/local/opt", "bin"),
        })
        {
            if (System.IO.Directory.Exists(root))
            {
                found.AddRange(below.Length == 0
                    ? System.IO.Directory.EnumerateDirectories(root, "pgsql-*").Select(d => Path.Combine(d, "bin"))
                    : System.IO.Directory.EnumerateDirectories(root).Select(d => Path.Combine(d, below)));
            }
        }

        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        if (path.Select(d => Path.Combine(d, "pg_config")).FirstOrDefault(File.Exists) is { } pgConfig)
        {
            var answer = await ChildProcess.RunAsync([pgConfig, "--bindir"], "/", cancellationToken);
            found.Add(answer.Output.Trim());
        }

        found.AddRange(path);
        return [.. found.Where(d => File.Exists(Path.Combine(d, "pg_ctl"))).Distinct(StringComparer.Ordinal)];
    }

    private static async Task<int?> ReadVersionAsync(string directory, CancellationToken cancellationToken)
    {
        var postgres = Path.Combine(directory, "postgres");
        if (new[] { "initdb", "pg_ctl", "postgres" }.Any(name => !File.Exists(Path.Combine(directory, name))))
        {
            return null;
        }

        var answer = await ChildProcess.RunAsync([postgres, "--version"], "/", cancellationToken);
        var match = MajorVersion().Match(answer.Output);
        return match.Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex MajorVersion();
}
