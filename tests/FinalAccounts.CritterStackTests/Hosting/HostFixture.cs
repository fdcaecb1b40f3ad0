namespace FinalAccounts.CritterStackTests.Hosting;

/// <summary>A host that the tests of a class share, each with a department of its own.</summary>
public abstract class HostFixture : IAsyncLifetime
{
    public ApiHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();

    protected abstract Task<ApiHost> StartAsync();
}
