using System.Diagnostics.CodeAnalysis;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using Npgsql;

namespace FinalAccounts.CritterStack;

/// <summary>Goes through a stored log on Marten. The hashes are those of our own engine, so that a seal says the same on both.</summary>
public static class MartenVerifier
{
    /// <summary>Computes the whole chain anew, in one snapshot.</summary>
    /// <returns>The first bad position, with what is wrong there; null when all is as it was written.</returns>
    public static async Task<MartenFinding?> VerifyAsync(NpgsqlDataSource dataSource, RegionCode region, CancellationToken cancellationToken)
    {
        var schema = RegionStore.SchemaOf(region);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var walk = new Walk(EventHash.Genesis(region));
        await using (var command = Command(
            connection,
            $"""
            select {ChainedRow.MartenColumns}, c.position, c.recorded_at, c.hash from {schema}.log_chain c left join {schema}.mt_events e using (seq_id)
            order by c.position
            """))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                if (walk.Take(reader) is { } wrong)
                {
                    return wrong;
                }
            }
        }

        return await walk.EndAsync(connection, schema, cancellationToken);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection);

    private sealed class Walk(byte[] hash)
    {
        private readonly Dictionary<string, long> versions = new(StringComparer.Ordinal);
        private long position;
        private long recordedAt;

        public MartenFinding? Take(NpgsqlDataReader reader)
        {
            var (at, time) = (reader.GetInt64(ChainedRow.Columns), reader.GetInt64(ChainedRow.Columns + 1));
            if (at != position + 1)
            {
                return new(position + 1, "The position is missing.");
            }

            ChainedRow row;
            try
            {
                row = ChainedRow.Read(reader);
            }
            catch (Exception e) when (e is LogDamagedException or InvalidCastException or InvalidOperationException)
            {
                return new(at, "The event is gone, or a part of it.");
            }

            var stored = row.At(at, time, reader.GetFieldValue<byte[]>(ChainedRow.Columns + 2));
            hash = EventHash.Of(hash, stored);
            var wrong =
                !hash.AsSpan().SequenceEqual(stored.Hash) ? "The hash is not that of the event."
                : stored.Version != versions.GetValueOrDefault(stored.Stream) + 1 ? "The version does not follow its stream's."
                : time < recordedAt ? "Recorded before its predecessor."
                : null;
            (position, recordedAt, versions[stored.Stream]) = (at, time, stored.Version);
            return wrong is null ? null : new(at, wrong);
        }

        public async Task<MartenFinding?> EndAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
        {
            await using (var command = Command(connection, $"select position, hash, recorded_at from {schema}.log_head"))
            await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
            {
                if (!await reader.ReadAsync(cancellationToken) || reader.GetInt64(0) != position
                    || !reader.GetFieldValue<byte[]>(1).AsSpan().SequenceEqual(hash) || reader.GetInt64(2) != recordedAt)
                {
                    return new(position, "The head does not stand at the last event.");
                }
            }

            // A stream may be ahead of the chain by what is stored and has no position yet.
            await using var streams = Command(
                connection, $"select s.id, s.version from {schema}.mt_streams s where not exists (select from {schema}.mt_events e where e.stream_id = s.id and e.seq_id not in (select seq_id from {schema}.log_chain))");
            await using var stands = await streams.ExecuteReaderAsync(cancellationToken);
            while (await stands.ReadAsync(cancellationToken))
            {
                if (versions.GetValueOrDefault(stands.GetString(0)) != stands.GetInt64(1))
                {
                    return new(position, $"Stream '{stands.GetString(0)}' does not stand at its last event.");
                }
            }

            return null;
        }
    }
}

/// <summary>What is wrong with a stored log.</summary>
/// <param name="Position">The first bad one.</param>
public sealed record MartenFinding(long Position, string Problem);
