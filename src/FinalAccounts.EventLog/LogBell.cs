using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>
/// Tells other processes that something was appended, and hears it from them: NOTIFY and LISTEN on the channel with the schema's
/// name. Only a hint, which may be lost: who follows a log looks at its head from time to time all the same.
/// </summary>
/// <param name="heard">Called when something may have been appended; must not block or throw.</param>
internal sealed class LogBell(Func<NpgsqlDataSource> dataSource, string schema, Action heard) : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource listened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock guard = new();
    private Task ringing = Task.CompletedTask;
    private Task? listening;
    private long last;

    /// <summary>Tells that the log stands at a position; at once, then at most every <see cref="LogLimits.RingInterval"/>.</summary>
    public void Ring(long position)
    {
        lock (guard)
        {
            last = Math.Max(last, position);
            if (ringing.IsCompleted && !stop.IsCancellationRequested)
            {
                ringing = Task.Run(RingAsync);
            }
        }
    }

    /// <summary>Begins to listen, if that has not begun; what is appended after that is heard, unless the database can't be reached.</summary>
    public Task ListenAsync()
    {
        lock (guard)
        {
            listening ??= Task.Run(HearAsync);
        }

        return listened.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(ringing, listening ?? Task.CompletedTask);
        stop.Dispose();
    }

    private static bool IsUnavailable(Exception e) => e is NpgsqlException or TimeoutException or IOException;

    private async Task RingAsync()
    {
        for (var told = 0L; IsBehind(ref told);)
        {
            try
            {
                // Nothing is lost with a hint: its commit does not wait for the disk.
                await using var notify = dataSource().CreateCommand("select set_config('synchronous_commit', 'off', true), pg_notify($1, $2)");
                notify.Parameters.Add(new() { Value = schema });
                notify.Parameters.Add(new() { Value = told.ToString(CultureInfo.InvariantCulture) });
                await notify.ExecuteNonQueryAsync(stop.Token);
                await Task.Delay(LogLimits.RingInterval, stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException || IsUnavailable(e))
            {
                return;
            }
        }
    }

    /// <summary>False, and the ringing has ended, when all was told.</summary>
    private bool IsBehind(ref long told)
    {
        lock (guard)
        {
            if (told == last)
            {
                ringing = Task.CompletedTask;
                return false;
            }

            told = last;
            return true;
        }
    }

    private async Task HearAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var source = dataSource();
                await using var connection = await source.OpenConnectionAsync(stop.Token);
                connection.Notification += (_, _) => heard();
                await using (var listen = Command($"listen {schema}", connection))
                {
                    await listen.ExecuteNonQueryAsync(stop.Token);
                }

                // What was appended before is heard of now.
                heard();
                listened.TrySetResult();
                while (ReferenceEquals(source, dataSource()))
                {
                    await connection.WaitAsync(LogLimits.SourceLookUp, stop.Token);
                }
            }
            catch (OperationCanceledException)
            {
            }
            catch (Exception e) when (IsUnavailable(e) || e is ObjectDisposedException)
            {
                listened.TrySetResult();
                await Task.Delay(LogLimits.PollInterval, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    private static NpgsqlCommand Command(string sql, NpgsqlConnection connection) => new(sql, connection);
}
