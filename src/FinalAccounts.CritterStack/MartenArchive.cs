using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FinalAccounts.EventLog;
using FinalAccounts.EventLog.Archives;
using FinalAccounts.Ledger;
using JasperFx;
using Marten.Services;
using Npgsql;

namespace FinalAccounts.CritterStack;

/// <summary>Archives years on Marten: their streams take nothing more, and their events stay where they are, to be read as before.</summary>
public static class MartenArchive
{
    private const int ListedDepartments = 20;

    /// <summary>Archives the streams of a fiscal year that all departments have closed, and the year after it too.</summary>
    /// <param name="owner">The owner's role: the application's can't change what is stored.</param>
    /// <returns>How many streams were archived.</returns>
    /// <exception cref="ArchiveException">The year can't be archived, for the same reasons as on our engine; nothing was changed.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    public static Task<int> ArchiveAsync(NpgsqlDataSource owner, RegionCode region, FiscalYear year, CancellationToken cancellationToken)
    {
        var schema = RegionStore.SchemaOf(region);
        return StoreFailure.GuardAsync(schema, async () =>
        {
            await using var connection = await owner.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var streams = await LockStreamsAsync(connection, schema, year, cancellationToken);
            var open = streams.Where(s => !s.IsArchived).Select(s => s.Stream).ToList();
            if (open.Count == 0)
            {
                throw streams.Count == 0
                    ? new ArchiveException(ArchiveProblem.NoSuchYear)
                    : new ArchiveException(ArchiveProblem.AlreadyArchived, year.ToString());
            }

            await RequireClosedAsync(connection, schema, year.Value, ArchiveProblem.NotClosed, cancellationToken);
            await RequireClosedAsync(connection, schema, year.Value + 1, ArchiveProblem.NextYearNotClosed, cancellationToken);
            await using var store = RegionStore.ForBodies(owner, region, AutoCreate.None);
            await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
            foreach (var stream in open)
            {
                session.Events.ArchiveStream(stream);
            }

            await session.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
            return open.Count;
        });
    }

    /// <summary>Lets the streams of an archived year take events again. Marten has no way back; this undoes what its archiving does.</summary>
    /// <param name="owner">The owner's role.</param>
    /// <returns>How many streams were archived.</returns>
    /// <exception cref="ArchiveException">The year is not archived.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    public static Task<int> RestoreAsync(NpgsqlDataSource owner, RegionCode region, FiscalYear year, CancellationToken cancellationToken)
    {
        var schema = RegionStore.SchemaOf(region);
        return StoreFailure.GuardAsync(schema, async () =>
        {
            await using var connection = await owner.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            string[] archived = [.. (await LockStreamsAsync(connection, schema, year, cancellationToken)).Where(s => s.IsArchived).Select(s => s.Stream)];
            if (archived.Length == 0)
            {
                throw new ArchiveException(ArchiveProblem.NotArchived);
            }

            foreach (var (table, key) in new[] { ("mt_events", "stream_id"), ("mt_streams", "id") })
            {
                await using var update = Command(connection, $"update {schema}.{table} set is_archived = false where {key} = any($1)", archived);
                await update.ExecuteNonQueryAsync(cancellationToken);
            }

            await transaction.CommitAsync(CancellationToken.None);
            return archived.Length;
        });
    }

    /// <summary>The year's streams; nobody appends to them until the transaction ends.</summary>
    private static async Task<IReadOnlyList<(string Stream, bool IsArchived)>> LockStreamsAsync(
        NpgsqlConnection connection, string schema, FiscalYear year, CancellationToken cancellationToken)
    {
        await using var select = Command(
            connection, $"select id, is_archived from {schema}.mt_streams where id like 'year/%/' || $1 order by id for update", year.ToString());
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var streams = new List<(string, bool)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            streams.Add((reader.GetString(0), reader.GetBoolean(1)));
        }

        return streams;
    }

    /// <summary>What was archived was closed.</summary>
    private static async Task RequireClosedAsync(
        NpgsqlConnection connection, string schema, int year, ArchiveProblem problem, CancellationToken cancellationToken)
    {
        await using var select = Command(
            connection,
            $"""
            select split_part(s.id, '/', 2)
              from {schema}.mt_streams s
             where s.id like 'year/%/' || $1 and not s.is_archived
               and (select e.type from {schema}.mt_events e
                     where e.stream_id = s.id and e.type in ('year-closed', 'year-reopened')
                     order by e.version desc limit 1) is distinct from 'year-closed'
             order by s.id limit {ListedDepartments}
            """,
            year.ToString(CultureInfo.InvariantCulture));
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var open = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            open.Add(reader.GetString(0));
        }

        if (open.Count > 0)
        {
            throw new ArchiveException(problem, open);
        }
    }

    [SuppressMessage("Security", "CA2100", Justification = "The only variable parts are a schema name of digits and names of Marten's tables.")]
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object parameter) =>
        new(sql, connection) { Parameters = { new() { Value = parameter } } };
}
