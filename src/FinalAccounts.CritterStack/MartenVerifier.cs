using System.Data;
using System.Diagnostics.CodeAnalysis;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using Npgsql;

namespace FinalAccounts.CritterStack;

/// <summary>Verifies a stored log on Marten. The hashes are those of our own engine, so that a seal says the same on both.</summary>
internal sealed class MartenVerifier
{
    private readonly NpgsqlConnection connection;
    private readonly string schema;
    private readonly LogWalk walk;
    private readonly List<WalkedEvent> page = [];

    private MartenVerifier(NpgsqlConnection connection, RegionCode region) =>
        (this.connection, schema, walk) = (connection, RegionStore.SchemaOf(region), new(region));

    /// <summary>Verifies all that has a position, in one snapshot.</summary>
    /// <exception cref="LogUnavailableException">The database can't be reached, or the region has no log.</exception>
    public static Task<LogVerification> VerifyAsync(
        NpgsqlDataSource dataSource, RegionCode region, IReadOnlyCollection<Seal> seals, IProgress<long>? verified, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(seals);
        return StoreFailure.GuardAsync(RegionStore.SchemaOf(region), async () =>
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            return await new MartenVerifier(connection, region).VerifyAsync(seals, verified, cancellationToken);
        });
    }

    private async Task<LogVerification> VerifyAsync(IReadOnlyCollection<Seal> seals, IProgress<long>? verified, CancellationToken cancellationToken)
    {
        walk.AddOutside(seals);
        for (var after = long.MinValue; await ReadPageAsync(after, cancellationToken) is { } last; after = last)
        {
            page.ForEach(e => walk.Take(e));
            verified?.Report(walk.Events);
        }

        await CheckHeadAsync(cancellationToken);
        walk.CheckStreams(await ReadStreamsAsync(cancellationToken));
        await CheckSealsAsync(cancellationToken);
        await walk.CheckDocumentsAsync(connection, cancellationToken);
        return walk.Result(archived: []);
    }

    /// <summary>Reads the events of the next positions. One whose position is there and that is gone itself is left out.</summary>
    /// <returns>The last position; null behind the last one.</returns>
    private async Task<long?> ReadPageAsync(long after, CancellationToken cancellationToken)
    {
        page.Clear();
        await using var command = Command(
            $"""
            select {ChainedRow.MartenColumns}, c.position, c.recorded_at, c.hash,
              case when (select n.command_id from {schema}.log_chain n where n.position = c.position + 1) is distinct from c.command_id
                then (select count(*) from {schema}.log_chain n where n.command_id = c.command_id) else 0 end,
              c.command_id
            from {schema}.log_chain c left join {schema}.mt_events e using (seq_id)
            where c.position > $1 order by c.position limit {LogLimits.RowsPerPage}
            """);
        command.Parameters.Add(new() { Value = after });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        long? last = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            last = reader.GetInt64(ChainedRow.Columns);
            if (reader.IsDBNull(0))
            {
                continue;
            }

            var e = EventOf(reader);
            page.Add(e);
            if (reader.GetGuid(ChainedRow.Columns + 4) != e.CommandId)
            {
                // By its id the command would not be found as it is: of this event nothing is noted under it.
                walk.Find(LogRule.CommandMismatch, e.Position, e.CommandId.ToString(), "0", "1");
            }
        }

        return last;
    }

    private WalkedEvent EventOf(NpgsqlDataReader reader)
    {
        ChainedRow.TryRead(reader, out var row);
        return new(
            reader.GetInt64(ChainedRow.Columns), walk.TextOf(row.Stream), row.Version, walk.TextOf(row.Type), row.SchemaVersion,
            reader.GetInt64(ChainedRow.Columns + 1), EventHash.Days(row.AccountingDate), row.CommandId, walk.TextOf(row.Actor), row.Body,
            reader.GetFieldValue<byte[]>(ChainedRow.Columns + 2), LogCatalog.FiscalYearOf(row.Stream),
            checked((int)reader.GetInt64(ChainedRow.Columns + 3)));
    }

    private async Task CheckHeadAsync(CancellationToken cancellationToken)
    {
        await using var command = Command($"select position, hash, recorded_at from {schema}.log_head");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (await reader.ReadAsync(cancellationToken))
        {
            walk.CheckHead(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetInt64(2));
        }
        else
        {
            walk.CheckHead(null, [], 0);
        }
    }

    /// <summary>The streams without those of their events that are still to get a position.</summary>
    private async Task<List<StreamVersion>> ReadStreamsAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"""
            select s.id, s.version - coalesce(w.events, 0)
            from {schema}.mt_streams s
            left join (select e.stream_id, count(*) as events from {schema}.mt_events e
                        where e.seq_id > (select h.seen_seq_id from {schema}.log_head h)
                           or exists (select from {schema}.log_gaps g where e.seq_id between g.first_seq_id and g.last_seq_id)
                        group by e.stream_id) w on w.stream_id = s.id
            where s.id <> '{RegionStore.TombstoneStream}' and s.version > coalesce(w.events, 0)
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var streams = new List<StreamVersion>();
        while (await reader.ReadAsync(cancellationToken))
        {
            streams.Add(new(reader.GetString(0), reader.GetInt64(1)));
        }

        return streams;
    }

    private async Task CheckSealsAsync(CancellationToken cancellationToken)
    {
        await using var command = Command($"select hash from {schema}.log_chain where position = $1");
        var parameter = new NpgsqlParameter<long>();
        command.Parameters.Add(parameter);
        await walk.CheckSealsAsync(
            async position =>
            {
                parameter.TypedValue = position;
                return (byte[]?)await command.ExecuteScalarAsync(cancellationToken);
            },
            isAway: _ => false);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    private NpgsqlCommand Command(string sql) => new(sql, connection);
}
