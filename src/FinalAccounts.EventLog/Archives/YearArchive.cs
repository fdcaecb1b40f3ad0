using System.Diagnostics.CodeAnalysis;
using FinalAccounts.EventLog.Files;
using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;

namespace FinalAccounts.EventLog.Archives;

/// <summary>
/// Moves the events of closed years from a region's log into files, and back. Positions and hashes stay; the log keeps which positions
/// are away and the hash at the end of each run of them, so that the chain can be followed across. What was given as answers to
/// commands, and where each stream stands, stays in the database. All of it is the owner's matter: the program's own role can't take
/// anything out of a log.
/// </summary>
public static class YearArchive
{
    /// <summary>What the files' names look like.</summary>
    public const string FilePattern = "*.jsonl.gz";

    private const int ListedDepartments = 20;

    /// <summary>The name of a year's file.</summary>
    public static string FileNameOf(RegionCode region, FiscalYear year) => $"{region}-{year}.jsonl.gz";

    /// <summary>The years that are archived.</summary>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    public static async Task<IReadOnlyList<ArchivedYear>> ListAsync(NpgsqlDataSource dataSource, RegionCode region, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            return await ListAsync(connection, LogSchema.NameOf(region), cancellationToken);
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            throw Unavailable(e);
        }
    }

    /// <summary>
    /// Writes a closed year into a file, reads it back, and takes it out of the log. Killed at any moment, the year is in the log, or in
    /// the file and archived; done again, it goes on.
    /// </summary>
    /// <param name="owner">Connections with the owner's role.</param>
    /// <param name="folder">Made when it is not there; a file of the same name is replaced.</param>
    /// <param name="written">Told the number of events written, now and then.</param>
    /// <exception cref="ArchiveException">The year can't be archived.</exception>
    /// <exception cref="LogDamagedException">The year's events are not what was written; nothing was taken out.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static async Task<ArchivedYear> ArchiveAsync(
        NpgsqlDataSource owner, RegionCode region, FiscalYear year, string folder, IClock clock, IProgress<long>? written,
        CancellationToken cancellationToken)
    {
        var schema = LogSchema.NameOf(region);
        try
        {
            await using var connection = await owner.OpenConnectionAsync(cancellationToken);
            await RequireClosedAsync(connection, schema, year, cancellationToken);

            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, FileNameOf(region, year));
            var head = await YearFile.WriteAsync(connection, region, year, path, written, cancellationToken);
            var (contents, sha256) = await YearFile.CheckAsync(path, cancellationToken);
            var archived = new ArchivedYear(year, clock.GetCurrentInstant(), contents.Events, sha256, Path.GetFileName(path));
            await new YearTable(connection, schema, year).TakeOutAsync(archived, contents, head, cancellationToken);
            return archived;
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            throw Unavailable(e);
        }
    }

    /// <summary>Puts an archived year back into the log. The file stays.</summary>
    /// <param name="owner">Connections with the owner's role.</param>
    /// <param name="along">What is to happen with it, on the connection and in the transaction that puts the year back; null for nothing.</param>
    /// <param name="read">Told the number of events read, now and then.</param>
    /// <exception cref="ArchiveException">It is not the file of an archived year of the region.</exception>
    /// <exception cref="LogFileException">The file is not what was written.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static async Task<ArchivedYear> RestoreAsync(
        NpgsqlDataSource owner, RegionCode region, string path, Func<NpgsqlConnection, CancellationToken, Task>? along, IProgress<long>? read,
        CancellationToken cancellationToken)
    {
        var schema = LogSchema.NameOf(region);
        try
        {
            await using var connection = await owner.OpenConnectionAsync(cancellationToken);
            var (contents, sha256) = await YearFile.CheckAsync(path, cancellationToken);
            var year = contents.Header.Region != region ? throw new ArchiveException(ArchiveProblem.OtherRegion, contents.Header.Region.ToString())
                : contents.Header.Year ?? throw new ArchiveException(ArchiveProblem.NotAYear);
            var archived = (await ListAsync(connection, schema, cancellationToken)).FirstOrDefault(a => a.Year == year)
                ?? throw new ArchiveException(ArchiveProblem.NotArchived);
            if (archived.Sha256 != sha256)
            {
                throw new ArchiveException(ArchiveProblem.OtherFile, archived.Sha256, sha256);
            }

            await new YearTable(connection, schema, year).PutBackAsync(path, along, read, cancellationToken);
            return archived;
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            throw Unavailable(e);
        }
    }

    internal static async Task<IReadOnlyList<ArchivedYear>> ListAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var select = Command($"select fiscal_year, archived_at, events, sha256, file_name from {schema}.archives order by fiscal_year", connection);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var years = new List<ArchivedYear>();
        while (await reader.ReadAsync(cancellationToken))
        {
            years.Add(new(
                new(reader.GetInt16(0)), Instant.FromDateTimeUtc(reader.GetDateTime(1)), reader.GetInt64(2),
                Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(3)), reader.GetString(4)));
        }

        return years;
    }

    private static async Task RequireClosedAsync(NpgsqlConnection connection, string schema, FiscalYear year, CancellationToken cancellationToken)
    {
        var archived = (await ListAsync(connection, schema, cancellationToken)).FirstOrDefault(a => a.Year == year);
        if (archived is not null)
        {
            throw new ArchiveException(ArchiveProblem.AlreadyArchived, archived.FileName);
        }

        await using (var find = Command($"select exists (select from {schema}.events where fiscal_year = $1)", connection))
        {
            find.Parameters.Add(new() { Value = (short)year.Value });
            if (!(bool)(await find.ExecuteScalarAsync(cancellationToken))!)
            {
                throw new ArchiveException(ArchiveProblem.NoSuchYear);
            }
        }

        foreach (var (of, problem) in new[] { (year.Value, ArchiveProblem.NotClosed), (year.Value + 1, ArchiveProblem.NextYearNotClosed) })
        {
            var open = await ListOpenAsync(connection, schema, of, cancellationToken);
            if (open.Count > 0)
            {
                throw new ArchiveException(problem, open);
            }
        }
    }

    /// <summary>The departments whose year is not closed; what is archived was closed.</summary>
    private static async Task<IReadOnlyList<string>> ListOpenAsync(NpgsqlConnection connection, string schema, int year, CancellationToken cancellationToken)
    {
        await using var select = Command(
            $"""
            select split_part(s.stream, '/', 2)
              from {schema}.streams s
             where s.stream like 'year/%/' || $1
               and not exists (select from {schema}.archives a where a.fiscal_year = $1)
               and (select t.type
                      from {schema}.events e join {schema}.types t using (type_id)
                     where e.fiscal_year = $1 and e.stream_id = s.stream_id and t.type in ('year-closed', 'year-reopened')
                     order by e.version desc limit 1) is distinct from 'year-closed'
             order by s.stream limit {ListedDepartments}
            """,
            connection);
        select.Parameters.Add(new() { Value = (short)year });
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var open = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            open.Add(reader.GetString(0));
        }

        return open;
    }

    private static bool IsUnavailable(Exception e) => e is NpgsqlException or TimeoutException;

    private static LogUnavailableException Unavailable(Exception e) => new($"The log can't be reached: {e.Message}", e);

    [SuppressMessage("Security", "CA2100", Justification = "The only variable parts are a schema name of digits and the number of departments listed.")]
    private static NpgsqlCommand Command(string sql, NpgsqlConnection connection) => new(sql, connection);
}
