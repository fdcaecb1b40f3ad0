using System.Data;
using System.Diagnostics.CodeAnalysis;
using FinalAccounts.EventLog.Files;
using FinalAccounts.Ledger;
using Npgsql;

namespace FinalAccounts.EventLog.Archives;

/// <summary>The table of a year's events: taken out of the log, and put back.</summary>
/// <param name="connection">With the owner's role.</param>
internal sealed class YearTable(NpgsqlConnection connection, string schema, FiscalYear year)
{
    /// <summary>How long it is waited for readers of the log, who would have to wait behind.</summary>
    private const string LockTimeout = "3s";

    /// <summary>In one transaction: the year's table goes, and what stands in its place is kept.</summary>
    /// <param name="contents">What the file holds.</param>
    /// <param name="head">Where the log stood before the file was written.</param>
    /// <exception cref="ArchiveException">Something was recorded since, or readers don't let go.</exception>
    public async Task TakeOutAsync(ArchivedYear archived, LogFileContents contents, long head, CancellationToken cancellationToken)
    {
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
            await ExecuteAsync($"set local lock_timeout = '{LockTimeout}'", cancellationToken);

            // The table before the head: who waits for long readers must not keep the writers waiting.
            await ExecuteAsync($"lock table {schema}.events in access exclusive mode", cancellationToken);
            await ExecuteAsync($"select from {schema}.lock_head()", cancellationToken);
            await RequireUnchangedAsync(head, cancellationToken);
            await KeepAsync(archived, contents, cancellationToken);
            await ExecuteAsync(
                $"""
                insert into {schema}.archived_commands (last_position, command_id, events, fiscal_year)
                select position, command_id, command_events, fiscal_year from {schema}.events where fiscal_year = {year} and command_events > 0;
                update {schema}.years set state = 'archived' where fiscal_year = {year};
                update {schema}.head set year_changes = year_changes + 1 where id = 1;
                alter table {schema}.events detach partition {schema}.events_{year};
                drop table {schema}.events_{year};
                """,
                cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new ArchiveException(ArchiveProblem.InUse);
        }
    }

    /// <summary>In one transaction: the year's table is made anew from the file, and nothing of the year is away any more.</summary>
    /// <param name="path">The file that was written, checked already.</param>
    /// <param name="along">See <see cref="YearArchive.RestoreAsync"/>.</param>
    /// <param name="read">Told the number of events read, now and then.</param>
    public async Task PutBackAsync(
        string path, Func<NpgsqlConnection, CancellationToken, Task>? along, IProgress<long>? read, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await ExecuteAsync($"select {schema}.make_partition({year}::smallint)", cancellationToken);
        await CopyAsync(path, read, cancellationToken);

        // Before the head, for the writers would have to wait for whatever it waits for.
        await (along?.Invoke(connection, cancellationToken) ?? Task.CompletedTask);
        await ExecuteAsync(
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

    private async Task RequireUnchangedAsync(long head, CancellationToken cancellationToken)
    {
        await using var find = Command(
            $"select exists (select from {schema}.events where fiscal_year = $1 and position > $2) or not exists (select from {schema}.years where fiscal_year = $1 and state = 'open')");
        find.Parameters.Add(new() { Value = (short)year.Value });
        find.Parameters.Add(new() { Value = head });
        if ((bool)(await find.ExecuteScalarAsync(cancellationToken))!)
        {
            throw new ArchiveException(ArchiveProblem.ChangedMeanwhile);
        }
    }

    private async Task KeepAsync(ArchivedYear archived, LogFileContents contents, CancellationToken cancellationToken)
    {
        await using (var insert = Command(
            $"insert into {schema}.archives (fiscal_year, archived_at, events, sha256, file_name) values ($1, $2, $3, $4, $5)"))
        {
            insert.Parameters.Add(new() { Value = (short)year.Value });
            insert.Parameters.Add(new() { Value = archived.ArchivedAt.ToDateTimeUtc() });
            insert.Parameters.Add(new() { Value = archived.Events });
            insert.Parameters.Add(new() { Value = Convert.FromHexString(archived.Sha256) });
            insert.Parameters.Add(new() { Value = archived.FileName });
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var runs = Command(
            $"insert into {schema}.archived_runs (first_position, last_position, fiscal_year, last_hash) select r.f, r.l, $1, r.h from unnest($2, $3, $4) as r (f, l, h)");
        runs.Parameters.Add(new() { Value = (short)year.Value });
        runs.Parameters.Add(new() { Value = contents.Runs.Select(r => r.After.Position + 1).ToArray() });
        runs.Parameters.Add(new() { Value = contents.Runs.Select(r => r.Last.Position).ToArray() });
        runs.Parameters.Add(new() { Value = contents.Runs.Select(r => Convert.FromHexString(r.Last.Hash)).ToArray() });
        await runs.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task CopyAsync(string path, IProgress<long>? read, CancellationToken cancellationToken)
    {
        var catalog = new LogCatalog(schema);
        await catalog.ReadAsync(connection, cancellationToken);
        var commands = await ReadCommandsAsync(cancellationToken);
        await using var file = File.OpenRead(path);
        await using var reader = await LogFileReader.OpenAsync(file, cancellationToken);
        await using var copy = new EventCopy(connection, $"{schema}.events_{year}");
        await copy.BeginAsync(cancellationToken);
        var count = 0L;
        await foreach (var e in reader.ReadAsync(cancellationToken))
        {
            if (copy.IsFull)
            {
                await copy.SendAsync(cancellationToken);
            }

            copy.Add(e, catalog.Stream(e.Stream), catalog);
            if (commands.TryGetValue(e.Position, out var commandEvents))
            {
                copy.MarkLast(commandEvents);
            }

            if (++count % LogLimits.RowsPerPage == 0)
            {
                read?.Report(count);
            }
        }

        await copy.EndAsync(cancellationToken);
    }

    /// <summary>The number of events of each command, by its last position.</summary>
    private async Task<Dictionary<long, int>> ReadCommandsAsync(CancellationToken cancellationToken)
    {
        await using var select = Command($"select last_position, events from {schema}.archived_commands where fiscal_year = $1");
        select.Parameters.Add(new() { Value = (short)year.Value });
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var commands = new Dictionary<long, int>();
        while (await reader.ReadAsync(cancellationToken))
        {
            commands.Add(reader.GetInt64(0), reader.GetInt32(1));
        }

        return commands;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The only variable parts are a schema name of digits and a year.")]
    private NpgsqlCommand Command(string sql) => new(sql, connection);
}
