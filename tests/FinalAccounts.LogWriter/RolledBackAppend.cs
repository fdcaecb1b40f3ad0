using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using Npgsql;

namespace FinalAccounts.LogWriter;

/// <summary>An append that comes to nothing at its end.</summary>
internal sealed class RolledBackAppend(NpgsqlDataSource dataSource, RegionCode region)
{
    /// <summary>A transaction that appends and then rolls back: its positions must go to others.</summary>
    public async Task RunAsync(int milliseconds)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var schema = LogSchema.NameOf(region);
        LogHead at;
        await using (var lockHead = new NpgsqlCommand($"select position, hash, recorded_at, streams, year_changes, last_command from {schema}.lock_head()", connection))
        await using (var reader = await lockHead.ExecuteReaderAsync())
        {
            await reader.ReadAsync();
            at = new(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), PgTime.ReadMicroseconds(reader, 2), reader.GetInt32(3), reader.GetInt32(4), reader.GetGuid(5));
        }

        var moves = new StreamMoves(new LogCatalog(schema), at.Streams);
        var stream = moves.Add($"rolled-back/{Guid.NewGuid():N}", 0, 1);
        var (name, group) = (new NumberedText(1, "nobody"), new AppendStatement.Group(1, 1, moves));
        group.AddCommand(Guid.NewGuid());
        group.AddEvent(stream, 1, 0, name, 1, name, 1, [(byte)'0'], at.Hash);
        await using var append = AppendStatement.Create(connection, schema);
        AppendStatement.Fill(append, at, at with { Position = at.Position + 1 }, group);
        await append.ExecuteNonQueryAsync();
        await Task.Delay(milliseconds);
        await transaction.RollbackAsync();
    }
}
