namespace FinalAccounts.Benchmarks;

/// <summary>The event stores that ours is held against, as far as they can be had here.</summary>
/// <param name="MessageDb">Null when it can't be had.</param>
/// <param name="MessageDbMissing">Why it can't be had.</param>
/// <param name="Marten">Null when the program that measures it was not named.</param>
internal sealed record References(MessageDb? MessageDb, string? MessageDbMissing, MartenProcess? Marten) : IAsyncDisposable
{
    /// <param name="marten">The program that measures Marten; null when it is not there.</param>
    public static async Task<References> FindAsync(string connectionString, string? marten, CancellationToken cancellationToken)
    {
        var (messageDb, missing) = await MessageDb.InstallAsync(connectionString, cancellationToken);
        return new(messageDb, missing, marten is null ? null : await MartenProcess.StartAsync(marten, connectionString, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (Marten is not null)
        {
            await Marten.DisposeAsync();
        }

        if (MessageDb is not null)
        {
            await MessageDb.DisposeAsync();
        }
    }
}
