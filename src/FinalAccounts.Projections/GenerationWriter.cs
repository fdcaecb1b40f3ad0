using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;

namespace FinalAccounts.Projections;

/// <summary>
/// Writes one generation batch by batch, and finds the event that keeps it from going on: a batch that can't be taken is halved until a
/// single event is left. Nothing before that event is held up by it, and nothing behind it is taken.
/// </summary>
internal sealed class GenerationWriter(IEventLog log, RegionCode region, IClock clock, int generation, long position) : IAsyncDisposable
{
    private Follower follower = new(log, region, clock, generation, position);
    private long limit = ProjectionLimits.EventsPerBatch;

    public int Generation => follower.Generation;

    /// <summary>What is in the tables.</summary>
    public long Position => follower.Position;

    /// <summary>Takes a batch of the events up to a position that the log has reached.</summary>
    /// <returns>True when the batch was full: there may be more at once.</returns>
    /// <exception cref="PoisonException">The next event can't be taken.</exception>
    public async Task<bool> TakeAsync(NpgsqlConnection connection, long head, CancellationToken cancellationToken)
    {
        var last = Math.Min(head, Position + limit);
        try
        {
            await follower.TakeAsync(connection, last, cancellationToken);
        }
        catch (Exception e) when (!Failures.IsUnavailable(e))
        {
            var (at, count) = (Position, last - Position);
            await follower.DisposeAsync();
            follower = new(log, region, clock, Generation, at);
            if (count == 1)
            {
                throw new PoisonException(last, e);
            }

            limit = count / 2;
            return true;
        }

        var isFull = last < head;
        limit = Math.Min(limit * 2, ProjectionLimits.EventsPerBatch);
        return isFull;
    }

    public ValueTask DisposeAsync() => follower.DisposeAsync();
}
