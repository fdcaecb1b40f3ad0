using System.Diagnostics;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using FinalAccounts.Ledger;
using FinalAccounts.PrivatePostgres;
using FinalAccounts.Projections;
using FinalAccounts.Regions;
using NodaTime;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Regions;

/// <summary>Two servers with the program's roles.</summary>
public sealed class TwoServers : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();

    public PrivateServer First { get; private set; } = null!;

    public PrivateServer Second { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        First = await StartAsync("first");
        Second = await StartAsync("second");
    }

    public async Task DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
        directory.Dispose();
    }

    private async Task<PrivateServer> StartAsync(string name)
    {
        var server = await PrivateServer.StartAsync(new(directory[name]) { StopOnDispose = true }, default);
        await using var superuser = NpgsqlDataSource.Create(server.ConnectionString + ";Pooling=false");
        await superuser.ExecuteAsync(await File.ReadAllTextAsync(PlacementTest.RepositoryFile("ops/roles.sql")));
        return server;
    }
}

/// <summary>Regions on two servers: each is looked for where the file says, also when the file changes and when a region moves in use.</summary>
public sealed class PlacementTest(TwoServers servers) : IClassFixture<TwoServers>, IAsyncLifetime
{
    private const string Stream = "tests/placed";
    private static readonly RegionCode Here = new("430900");
    private static readonly RegionCode There = new("431000");
    private static readonly RegionCode Moving = new("430800");

    private readonly TemporaryDirectory directory = new();
    private Database database = null!;

    private string PlacementFile => directory["regions.json"];

    public Task InitializeAsync()
    {
        Place(There);
        database = Database.Of(Application(servers.First), Owner(servers.First), PlacementFile);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (var server in new[] { servers.First, servers.Second })
        {
            await using var superuser = NpgsqlDataSource.Create(server.ConnectionString + ";Pooling=false");
            foreach (var region in new[] { Here, There, Moving })
            {
                await superuser.ExecuteAsync($"drop schema if exists {LogSchema.NameOf(region)} cascade");
            }
        }

        await database.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task A_region_lies_on_the_server_that_the_file_names_and_the_others_on_the_default_server()
    {
        await MigrateAsync(Here);
        await MigrateAsync(There);

        await RecordAsync(Here);
        await RecordAsync(There);

        (await RegionsOfAsync(servers.First)).ShouldBe([Here]);
        (await RegionsOfAsync(servers.Second)).ShouldBe([There]);
        (await database.ListRegionsAsync(default)).ShouldBe([Here, There]);
        (await RegionLog.RegionsAsync(database, There.ToString(), default)).ShouldBe([There]);

        async Task RecordAsync(RegionCode region)
        {
            await using var log = await RegionLog.OpenAsync(database, region, SystemClock.Instance, default);
            (await log.Events.AppendAsync(LogTesting.Request(Stream, 0), default)).LastPosition.ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_region_that_lies_elsewhere_than_the_file_says_is_not_there()
    {
        await MigrateAsync(There);
        Place();

        (await database.ListRegionsAsync(default)).ShouldBeEmpty();
        (await Should.ThrowAsync<RegionException>(() => RegionLog.OpenAsync(database, There, SystemClock.Instance, default)))
            .Problem.ShouldBe(RegionProblem.RegionMissing);
    }

    [Fact]
    public async Task The_regions_of_a_server_that_can_not_be_reached_are_named_all_the_same()
    {
        await MigrateAsync(Here);
        var nowhere = $"Host={directory["nowhere"]};Username={LogServer.ApplicationRole}";
        await File.WriteAllTextAsync(
            PlacementFile, $$"""{ "servers": { "nowhere": { "application": "{{nowhere}}" } }, "regions": { "{{There}}": "nowhere" } }""");

        (await database.ListRegionsAsync(default)).ShouldBe([Here, There]);
        await using var log = await RegionLog.OpenAsync(database, There, SystemClock.Instance, default);
        await Should.ThrowAsync<LogUnavailableException>(() => log.ReadHeadAsync(default));
    }

    [Theory]
    [InlineData("{", "$:1")]
    [InlineData("""{"servers": {}, "regions": {"430900": "nowhere"}}""", "regions.430900")]
    [InlineData("""{"servers": {}, "regions": {"43": "nowhere"}}""", "regions.43")]
    [InlineData("""{"servers": {"two": {"owner": "Host=x"}}}""", "servers.two")]
    [InlineData("""{"servers": {"two": {"application": "Password=secret;nonsense=1"}}}""", "servers.two")]
    [InlineData("""{"servers": []}""", "servers")]
    public void A_file_that_is_not_understood_is_refused_at_the_start_and_ignored_when_it_was_changed(string content, string place)
    {
        var before = database.For(There);
        File.WriteAllText(PlacementFile, content);

        var problem = Should.Throw<RegionException>(() => Database.Of(Application(servers.First), Owner(servers.First), PlacementFile));
        problem.Arguments[^1].ShouldBe(place);
        problem.ToText(new Words(System.Globalization.CultureInfo.InvariantCulture)).ShouldNotContain("secret");
        database.For(There).ShouldBeSameAs(before);
        database.PlacementProblem!.Problem.ShouldBe(RegionProblem.PlacementWrong);

        Place(There);
        database.PlacementProblem.ShouldBeNull();
    }

    [Fact]
    public async Task A_region_moves_while_it_is_read_and_written_and_nothing_is_lost_or_stored_twice()
    {
        const int writers = 4;
        const int atLeast = 200;
        Place();
        await MigrateAsync(Moving);
        await using var log = await RegionLog.OpenAsync(database, Moving, SystemClock.Instance, default);
        using var enough = new CancellationTokenSource();
        var (acknowledged, seen) = (new int[writers], new List<long>());
        var writing = Enumerable.Range(0, writers).Select(w => WriteAsync(log, w, acknowledged, enough.Token)).ToList();
        var storing = StoreAsync(log, enough.Token);
        using var over = new CancellationTokenSource();
        var reading = ReadAsync(log, seen, over.Token);
        var projecting = new Projector(new(() => database.For(Moving).Application, log.Events, Moving, SystemClock.Instance)).RunAsync(over.Token);
        await UntilAsync(() => acknowledged.All(a => a >= atLeast));

        await MoveAsync();

        var moved = acknowledged.ToArray();
        await UntilAsync(() => Enumerable.Range(0, writers).All(w => acknowledged[w] >= moved[w] + atLeast));
        await enough.CancelAsync();
        await Task.WhenAll([.. writing, storing]);
        var head = await log.ReadHeadAsync(default);
        await UntilAsync(() => seen.Count >= head.Position);
        (await new ProjectionReader(database.For(Moving).Application, Moving).WaitForAsync(head.Position, TimeSpan.FromMinutes(1), default)).ShouldBeTrue();
        await over.CancelAsync();
        await reading;
        await projecting;

        (await RegionsOfAsync(servers.First)).ShouldBeEmpty();
        (await RegionsOfAsync(servers.Second)).ShouldBe([Moving]);
        head.Position.ShouldBe(acknowledged.Sum());
        seen.ShouldBe(Enumerable.Range(1, acknowledged.Sum()).Select(n => (long)n));
        (await log.Events.ListStreamsAsync(Stream, default)).Select(s => s.Version).ShouldBe(acknowledged.Select(a => (long)a));
        (await database.For(Moving).Owner.QueryAsync<long>($"select count(*) from {LogSchema.NameOf(Moving)}.documents")).ShouldBe(await storing);
        (await LogVerifier.VerifyAsync(database.For(Moving).Application, Moving, [head], [], null, default)).IsIntact.ShouldBeTrue();
    }

    /// <summary>As a client does: what was not answered is sent again under the same id until it is.</summary>
    private static async Task WriteAsync(RegionLog log, int writer, int[] acknowledged, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            var request = LogTesting.Request($"{Stream}/{writer}", acknowledged[writer]);
            await UntilAnsweredAsync(() => log.Events.AppendAsync(request, default));
            Interlocked.Increment(ref acknowledged[writer]);
        }
    }

    private static async Task<long> StoreAsync(RegionLog log, CancellationToken enough)
    {
        for (var stored = 0L; ; stored++)
        {
            if (enough.IsCancellationRequested)
            {
                return stored;
            }

            await UntilAnsweredAsync(() => log.Documents.StoreAsync(BitConverter.GetBytes(stored), "application/octet-stream", default));
        }
    }

    private static async Task UntilAnsweredAsync(Func<Task> send)
    {
        while (true)
        {
            try
            {
                await send();
                return;
            }
            catch (LogUnavailableException)
            {
                // The region is under way.
            }
        }
    }

    private static async Task ReadAsync(RegionLog log, List<long> seen, CancellationToken over)
    {
        try
        {
            await foreach (var e in log.Events.SubscribeAsync(0, over))
            {
                seen.Add(e.Position);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
        }
    }

    /// <summary>With the script that an administrator runs.</summary>
    private async Task MoveAsync()
    {
        var next = directory["regions.next.json"];
        await File.WriteAllTextAsync(next, Content(Moving));
        using var move = Process.Start(new ProcessStartInfo(
            RepositoryFile("ops/move-region.sh"), [Moving.ToString(), servers.First.Url, servers.Second.Url, "--", "mv", next, PlacementFile])
        {
            RedirectStandardError = true,
        })!;
        var errors = await move.StandardError.ReadToEndAsync();
        await move.WaitForExitAsync();
        move.ExitCode.ShouldBe(0, errors);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!condition())
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    internal static string RepositoryFile(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FinalAccounts.sln")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine(folder.FullName, path);
    }

    private static string Application(PrivateServer server) => As(server, LogServer.ApplicationRole);

    private static string Owner(PrivateServer server) => As(server, LogServer.OwnerRole);

    private static string As(PrivateServer server, string role) => new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = role }.ConnectionString;

    private async Task MigrateAsync(RegionCode region)
    {
        var placed = database.For(region);
        await LogSchema.MigrateAsync(placed.Owner, region, placed.ApplicationRole, default);
    }

    private static async Task<IReadOnlyList<RegionCode>> RegionsOfAsync(PrivateServer server)
    {
        await using var source = NpgsqlDataSource.Create(Application(server) + ";Pooling=false");
        return await LogSchema.ListRegionsAsync(source, default);
    }

    /// <summary>Writes the file: these regions lie on the second server.</summary>
    private void Place(params RegionCode[] regions) => File.WriteAllText(PlacementFile, Content(regions));

    private string Content(params RegionCode[] regions) =>
        $$"""
        {
          "servers": { "second": { "application": "{{Application(servers.Second)}}", "owner": "{{Owner(servers.Second)}}" } },
          "regions": { {{string.Join(", ", regions.Select(r => $"\"{r}\": \"second\""))}} } // the others lie on the default server
        }
        """;
}
