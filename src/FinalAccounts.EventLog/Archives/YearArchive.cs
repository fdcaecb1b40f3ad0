using System.Data;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using FinalAccounts.EventLog.Files;
using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace FinalAccounts.EventLog.Archives;

/// <summary>A year that stands in a file.</summary>
/// <param name="Sha256">Of the file, 64 lower-case hexadecimal digits.</param>
/// <param name="FileName">The file's name as it was written, without a folder.</param>
public sealed record ArchivedYear(FiscalYear Year, Instant ArchivedAt, long Events, string Sha256, string FileName);

/// <summary>Why a year can't be archived or restored. Nothing was changed.</summary>
public enum ArchiveProblem
{
    /// <summary>The region has no event of the year. Arguments: none.</summary>
    NoSuchYear,

    /// <summary>It is archived already. Arguments: the file's name.</summary>
    AlreadyArchived,

    /// <summary>Departments have not closed it. Arguments: their codes.</summary>
    NotClosed,

    /// <summary>Departments have not closed the year after it, whose comparisons are made from it. Arguments: their codes.</summary>
    NextYearNotClosed,

    /// <summary>Something was recorded while the file was written. Arguments: none.</summary>
    ChangedMeanwhile,

    /// <summary>The log is being read for long, so that the year can't be taken out of it now. Arguments: none.</summary>
    InUse,

    /// <summary>The file is another region's. Arguments: the region's code.</summary>
    OtherRegion,

    /// <summary>The file holds a whole log and no year. Arguments: none.</summary>
    NotAYear,

    /// <summary>The year is not archived. Arguments: none.</summary>
    NotArchived,

    /// <summary>It is not the file that was written. Arguments: the SHA-256 that it must have, and that it has.</summary>
    OtherFile,
}

/// <summary>A year can't be archived or restored; nothing was changed.</summary>
public sealed class ArchiveException(ArchiveProblem problem, params IReadOnlyList<string> arguments)
    : Exception($"{problem}: {string.Join(", ", arguments)}")
{
    public ArchiveProblem Problem { get; } = problem;

    public IReadOnlyList<string> Arguments { get; } = arguments;
}

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

    /// <summary>How long it is waited for readers of the log, who would have to wait behind.</summary>
    private const string LockTimeout = "3s";

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
            var head = await WriteAsync(connection, region, year, path, written, cancellationToken);
            var (contents, sha256) = await CheckAsync(path, cancellationToken);
            var archived = new ArchivedYear(year, clock.GetCurrentInstant(), contents.Events, sha256, Path.GetFileName(path));
            await TakeOutAsync(connection, schema, archived, contents, head, cancellationToken);
            return archived;
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            throw Unavailable(e);
        }
    }

    /// <summary>Puts an archived year back into the log. The file stays.</summary>
    /// <param name="owner">Connections with the owner's role.</param>
    /// <param name="read">Told the number of events read, now and then.</param>
    /// <exception cref="ArchiveException">It is not the file of an archived year of the region.</exception>
    /// <exception cref="LogFileException">The file is not what was written.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static async Task<ArchivedYear> RestoreAsync(
        NpgsqlDataSource owner, RegionCode region, string path, IProgress<long>? read, CancellationToken cancellationToken)
    {
        var schema = LogSchema.NameOf(region);
        try
        {
            await using var connection = await owner.OpenConnectionAsync(cancellationToken);
            var (contents, sha256) = await CheckAsync(path, cancellationToken);
            var year = contents.Header.Region != region ? throw new ArchiveException(ArchiveProblem.OtherRegion, contents.Header.Region.ToString())
                : contents.Header.Year ?? throw new ArchiveException(ArchiveProblem.NotAYear);
            var archived = (await ListAsync(connection, schema, cancellationToken)).FirstOrDefault(a => a.Year == year)
                ?? throw new ArchiveException(ArchiveProblem.NotArchived);
            if (archived.Sha256 != sha256)
            {
                throw new ArchiveException(ArchiveProblem.OtherFile, archived.Sha256, sha256);
            }

            await PutBackAsync(connection, schema, year, path, read, cancellationToken);
            return archived;
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            throw Unavailable(e);
        }
    }

    /// <summary>Reads a file to its end, checking it.</summary>
    /// <returns>What it holds, and the SHA-256 of the file.</returns>
    /// <exception cref="LogFileException">The file is not what was written.</exception>
    internal static async Task<(LogFileContents Contents, string Sha256)> CheckAsync(string path, CancellationToken cancellationToken)
    {
        using var sha256 = SHA256.Create();
        await using var file = File.OpenRead(path);
        await using var hashing = new CryptoStream(file, sha256, CryptoStreamMode.Read);
        await using var reader = await LogFileReader.OpenAsync(hashing, cancellationToken);
        await foreach (var _ in reader.ReadAsync(cancellationToken))
        {
        }

        await hashing.CopyToAsync(Stream.Null, cancellationToken);
        return (reader.Contents, Convert.ToHexStringLower(sha256.Hash!));
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

    /// <returns>Where the log stood before the first event was read.</returns>
    private static async Task<long> WriteAsync(
        NpgsqlConnection connection, RegionCode region, FiscalYear year, string path, IProgress<long>? written, CancellationToken cancellationToken)
    {
        // Under another name until it is whole and on the disk.
        var partial = path + ".partial";
        long head;
        await using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await using var writer = new LogFileWriter(file, new(region, year));
            head = await WriteAsync(connection, region, year, writer, written, cancellationToken);
            await writer.EndAsync(cancellationToken);
            await writer.DisposeAsync();
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
        return head;
    }

    private static async Task<long> WriteAsync(
        NpgsqlConnection connection, RegionCode region, FiscalYear year, LogFileWriter writer, IProgress<long>? written,
        CancellationToken cancellationToken)
    {
        var schema = LogSchema.NameOf(region);
        long head;
        await using (var select = Command($"select position from {schema}.head where id = 1", connection))
        {
            head = (long)(await select.ExecuteScalarAsync(cancellationToken))!;
        }

        var count = 0L;
        await foreach (var (e, before) in ReadYearAsync(connection, schema, year, cancellationToken))
        {
            if (before is not null || count == 0)
            {
                var hash = before ?? (e.Position == 1
                    ? EventHash.Genesis(region)
                    : throw new LogDamagedException(e.Position - 1, $"{schema} has no event at {e.Position - 1}."));
                await writer.BeginRunAsync(new(e.Position - 1, Convert.ToHexStringLower(hash)), cancellationToken);
            }

            await writer.WriteAsync(e, cancellationToken);
            if (++count % LogLimits.RowsPerPage == 0)
            {
                written?.Report(count);
            }
        }

        return head;
    }

    /// <summary>The year's events in order; with the first of each run the hash of the event before it.</summary>
    private static async IAsyncEnumerable<(StoredEvent Event, byte[]? Before)> ReadYearAsync(
        NpgsqlConnection connection, string schema, FiscalYear year, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var select = Command(
            $"""
            select e.position, e.stream, e.version, e.type, e.schema_version, e.recorded_at, e.accounting_date, e.command_id, e.actor, e.body, e.hash,
                   case when lag(e.position) over (order by e.position) is distinct from e.position - 1
                        then coalesce((select b.hash from {schema}.events b where b.position = e.position - 1),
                                      (select r.last_hash from {schema}.archived_runs r where r.last_position = e.position - 1)) end
              from {schema}.events_readable e
             where e.fiscal_year = $1
             order by e.position
            """,
            connection);
        select.CommandTimeout = 0;
        select.Parameters.Add(new() { Value = (short)year.Value });
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return (
                new(
                    reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), reader.GetInt16(4),
                    Instant.FromDateTimeUtc(reader.GetDateTime(5)), LocalDate.FromDateOnly(reader.GetFieldValue<DateOnly>(6)), reader.GetGuid(7),
                    reader.GetString(8), reader.GetFieldValue<byte[]>(9), reader.GetFieldValue<byte[]>(10)),
                await reader.IsDBNullAsync(11, cancellationToken) ? null : reader.GetFieldValue<byte[]>(11));
        }
    }

    /// <summary>In one transaction: the year's table goes, and what stands in its place is kept.</summary>
    private static async Task TakeOutAsync(
        NpgsqlConnection connection, string schema, ArchivedYear archived, LogFileContents contents, long head, CancellationToken cancellationToken)
    {
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
            await ExecuteAsync(connection, $"set local lock_timeout = '{LockTimeout}'", cancellationToken);

            // The table before the head: who waits for long readers must not keep the writers waiting.
            await ExecuteAsync(connection, $"lock table {schema}.events in access exclusive mode", cancellationToken);
            await ExecuteAsync(connection, $"select from {schema}.lock_head()", cancellationToken);
            await RequireUnchangedAsync(connection, schema, archived.Year, head, cancellationToken);
            await KeepAsync(connection, schema, archived, contents, cancellationToken);
            await ExecuteAsync(
                connection,
                $"""
                insert into {schema}.archived_commands (last_position, command_id, events, fiscal_year)
                select position, command_id, command_events, fiscal_year from {schema}.events where fiscal_year = {archived.Year} and command_events > 0;
                update {schema}.years set state = 'archived' where fiscal_year = {archived.Year};
                update {schema}.head set year_changes = year_changes + 1 where id = 1;
                alter table {schema}.events detach partition {schema}.events_{archived.Year};
                drop table {schema}.events_{archived.Year};
                """,
                cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new ArchiveException(ArchiveProblem.InUse);
        }
    }

    private static async Task RequireUnchangedAsync(
        NpgsqlConnection connection, string schema, FiscalYear year, long head, CancellationToken cancellationToken)
    {
        await using var find = Command(
            $"select exists (select from {schema}.events where fiscal_year = $1 and position > $2) or not exists (select from {schema}.years where fiscal_year = $1 and state = 'open')",
            connection);
        find.Parameters.Add(new() { Value = (short)year.Value });
        find.Parameters.Add(new() { Value = head });
        if ((bool)(await find.ExecuteScalarAsync(cancellationToken))!)
        {
            throw new ArchiveException(ArchiveProblem.ChangedMeanwhile);
        }
    }

    private static async Task KeepAsync(
        NpgsqlConnection connection, string schema, ArchivedYear archived, LogFileContents contents, CancellationToken cancellationToken)
    {
        await using (var insert = Command(
            $"insert into {schema}.archives (fiscal_year, archived_at, events, sha256, file_name) values ($1, $2, $3, $4, $5)", connection))
        {
            insert.Parameters.Add(new() { Value = (short)archived.Year.Value });
            insert.Parameters.Add(new() { Value = archived.ArchivedAt.ToDateTimeUtc() });
            insert.Parameters.Add(new() { Value = archived.Events });
            insert.Parameters.Add(new() { Value = Convert.FromHexString(archived.Sha256) });
            insert.Parameters.Add(new() { Value = archived.FileName });
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var runs = Command(
            $"insert into {schema}.archived_runs (first_position, last_position, fiscal_year, last_hash) select r.f, r.l, $1, r.h from unnest($2, $3, $4) as r (f, l, h)",
            connection);
        runs.Parameters.Add(new() { Value = (short)archived.Year.Value });
        runs.Parameters.Add(new() { Value = contents.Runs.Select(r => r.After.Position + 1).ToArray() });
        runs.Parameters.Add(new() { Value = contents.Runs.Select(r => r.Last.Position).ToArray() });
        runs.Parameters.Add(new() { Value = contents.Runs.Select(r => Convert.FromHexString(r.Last.Hash)).ToArray() });
        await runs.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task PutBackAsync(
        NpgsqlConnection connection, string schema, FiscalYear year, string path, IProgress<long>? read, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await ExecuteAsync(connection, $"select {schema}.make_partition({year}::smallint)", cancellationToken);
        await CopyAsync(connection, schema, year, path, read, cancellationToken);
        await ExecuteAsync(
            connection,
            $"""
            select from {schema}.lock_head();
            select {schema}.attach_partition({year}::smallint);
            update {schema}.years set state = 'open' where fiscal_year = {year};
            update {schema}.head set year_changes = year_changes + 1 where id = 1;
            delete from {schema}.archived_runs where fiscal_year = {year};
            delete from {schema}.archived_commands where fiscal_year = {year};
            delete from {schema}.archives where fiscal_year = {year};
            """,
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    [SuppressMessage("Security", "CA2100", Justification = "COPY takes no parameters; the only variable parts are a schema name of digits and a year.")]
    private static async Task CopyAsync(
        NpgsqlConnection connection, string schema, FiscalYear year, string path, IProgress<long>? read, CancellationToken cancellationToken)
    {
        var streams = await NumbersAsync(connection, $"select stream_id, stream from {schema}.streams where stream like 'year/%/{year}'", cancellationToken);
        var types = await NumbersAsync(connection, $"select type_id::integer, type from {schema}.types", cancellationToken);
        var actors = await NumbersAsync(connection, $"select actor_id, actor from {schema}.actors", cancellationToken);
        var commands = await ReadCommandsAsync(connection, schema, year, cancellationToken);
        await using var file = File.OpenRead(path);
        await using var reader = await LogFileReader.OpenAsync(file, cancellationToken);
        await using var copy = await connection.BeginBinaryImportAsync(
            $"""
            copy {schema}.events_{year} (position, recorded_at, stream_id, version, accounting_date, actor_id, command_events, type_id, schema_version,
            fiscal_year, command_id, hash, body) from stdin (format binary)
            """,
            cancellationToken);
        var count = 0L;
        await foreach (var e in reader.ReadAsync(cancellationToken))
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(e.Position, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(e.RecordedAt.ToDateTimeUtc(), NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(streams[e.Stream], NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync((int)e.Version, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(e.AccountingDate.ToDateOnly(), NpgsqlDbType.Date, cancellationToken);
            await copy.WriteAsync(actors[e.Actor], NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(commands.GetValueOrDefault(e.Position), NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync((short)types[e.Type], NpgsqlDbType.Smallint, cancellationToken);
            await copy.WriteAsync((short)e.SchemaVersion, NpgsqlDbType.Smallint, cancellationToken);
            await copy.WriteAsync((short)year.Value, NpgsqlDbType.Smallint, cancellationToken);
            await copy.WriteAsync(e.CommandId, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(e.Hash, NpgsqlDbType.Bytea, cancellationToken);
            await copy.WriteAsync(e.Body, NpgsqlDbType.Text, cancellationToken);
            if (++count % LogLimits.RowsPerPage == 0)
            {
                read?.Report(count);
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }

    /// <summary>The number of events of each command, by its last position.</summary>
    private static async Task<Dictionary<long, int>> ReadCommandsAsync(
        NpgsqlConnection connection, string schema, FiscalYear year, CancellationToken cancellationToken)
    {
        await using var select = Command($"select last_position, events from {schema}.archived_commands where fiscal_year = $1", connection);
        select.Parameters.Add(new() { Value = (short)year.Value });
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var commands = new Dictionary<long, int>();
        while (await reader.ReadAsync(cancellationToken))
        {
            commands.Add(reader.GetInt64(0), reader.GetInt32(1));
        }

        return commands;
    }

    private static async Task<Dictionary<string, int>> NumbersAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var select = Command(sql, connection);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            numbers.Add(reader.GetString(1), reader.GetInt32(0));
        }

        return numbers;
    }

    private static bool IsUnavailable(Exception e) => e is NpgsqlException or TimeoutException;

    private static LogUnavailableException Unavailable(Exception e) => new($"The log can't be reached: {e.Message}", e);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The only variable parts are a schema name of digits and years.")]
    private static NpgsqlCommand Command(string sql, NpgsqlConnection connection) => new(sql, connection);
}
