using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Reporting;
using NodaTime;
using Npgsql;

namespace FinalAccounts.Projections;

/// <summary>
/// Takes the events of a log into one generation of the tables, from where it stands on. Each batch is one transaction that only succeeds
/// from the checkpoint that it was made for, so that whatever fails or is sent twice, each event is taken once. After any failure a
/// follower is thrown away.
/// </summary>
internal sealed class Follower(IEventLog log, RegionCode region, IClock clock, int generation, long position) : IAsyncDisposable
{
    private readonly string schema = LogSchema.NameOf(region);
    private readonly KnownBooks known = new(log, LogSchema.NameOf(region), generation);
    private readonly FactKeyIds keys = new(LogSchema.NameOf(region));
    private FactTally tally = new();
    private NpgsqlCommand? command;

    public int Generation { get; } = generation;

    /// <summary>What is in the tables.</summary>
    public long Position { get; private set; } = position;

    /// <summary>Takes the events up to a position that the log has reached.</summary>
    /// <exception cref="EventsArchivedException">Events are in the file of an archived year.</exception>
    /// <exception cref="PostgresException">SQLSTATE 40001: another process has moved the generation.</exception>
    public async Task TakeAsync(NpgsqlConnection connection, long last, CancellationToken cancellationToken)
    {
        var (seen, recorded) = (0L, 0L);
        if (tally.Known > ProjectionLimits.RememberedKeys)
        {
            tally = new();
        }

        await log.ScanAsync(Position, last, Take, cancellationToken);
        if (seen != last - Position)
        {
            throw new EventsArchivedException();
        }

        var changes = await known.FoldAsync(connection, tally, tally.Drain(), Position, cancellationToken);
        await keys.LookUpAsync(connection, changes.Facts.Select(f => f.Key).Concat(changes.Months.Keys.Select(m => m.Key)), cancellationToken);
        await PrepareAsync(connection, cancellationToken);
        ProjectCommand.Fill(
            command!, Generation, Position, last, Instant.FromUnixTimeTicks(recorded * 10), clock.GetCurrentInstant(), changes, keys);
        await command!.ExecuteNonQueryAsync(cancellationToken);
        Position = last;

        void Take(in ScannedEvent e)
        {
            (seen, recorded) = (seen + 1, e.RecordedMicroseconds);
            tally.Take(e.Position, e.Stream, e.Type, e.SchemaVersion, e.RecordedMicroseconds, e.Actor, e.Body);
        }
    }

    public ValueTask DisposeAsync() => command?.DisposeAsync() ?? default;

    /// <summary>A follower may be handed over to another connection.</summary>
    private async Task PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (command?.Connection != connection)
        {
            await DisposeAsync();
            command = await ProjectCommand.PrepareAsync(connection, schema, cancellationToken);
        }
    }
}
