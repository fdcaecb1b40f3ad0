using System.Globalization;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Projections;
using FinalAccounts.Reporting;
using NodaTime;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Projections;

/// <summary>A region of its own with one department's year, and what is done to it and its tables.</summary>
internal sealed class TestRegion : IAsyncDisposable
{
    public const long Fen = 1_00;

    public static readonly DepartmentCode Department = new("301001");
    public static readonly FiscalYear Year = new(2024);

    private readonly LogServer server;
    private readonly Dictionary<FiscalYear, long> versions = [];

    /// <param name="log">Goes with the region. The region's own schema is there, whichever engine its log is on.</param>
    public TestRegion(LogServer server, RegionCode code, IEventLog log)
    {
        (this.server, Code, Log) = (server, code, log);
        Reader = new(server.Application, code);
    }

    public RegionCode Code { get; }

    public IEventLog Log { get; }

    public ProjectionReader Reader { get; }

    public ProjectorGround Ground => GroundOn(server.Application);

    /// <summary>A region on our own engine.</summary>
    public static async Task<TestRegion> NewAsync(LogServer server)
    {
        var region = await server.NewLogAsync();
        return new(server, region, new PostgresEventLog(server.Application, region, SystemClock.Instance));
    }

    /// <summary>For a projector with connections of its own.</summary>
    public ProjectorGround GroundOn(NpgsqlDataSource source) => new(() => source, Log, Code, SystemClock.Instance);

    public Projector NewProjector() => new(Ground);

    /// <summary>Runs a projector until it is disposed of.</summary>
    public Running Run() => new(NewProjector());

    /// <summary>An expenditure.</summary>
    public static ExpenditurePosted Posting(LocalDate date, long fen) => new(
        date, "记-1", "办公费", [new(new("2080101"), new("30201"), Fund.GeneralPublicBudget, SpendingKind.Basic, null, IncomeSource.FiscalAppropriation, new(fen))]);

    /// <summary>A posting of one yuan, to be appended.</summary>
    public static NewEvent PostingEvent(FiscalYear year) => NewEvent(Posting(new(year.Value, 3, 15), Fen));

    /// <summary>Appends postings of one yuan each.</summary>
    /// <returns>The position of the last.</returns>
    /// <param name="year">2024 when it is not given.</param>
    public Task<long> AppendAsync(int postings, FiscalYear? year = null)
    {
        var of = year ?? Year;
        return AppendAsync(of, [.. Enumerable.Repeat(PostingEvent(of), postings)]);
    }

    /// <summary>Appends an event that the program does not know.</summary>
    public Task<long> AppendRawAsync(string type) => AppendAsync(Year, [LogTesting.Event(type: type)]);

    /// <summary>Closes a year, so that it may be archived.</summary>
    public async Task CloseAsync(FiscalYear year)
    {
        var head = await Log.ReadHeadAsync(default);
        await AppendAsync(year, [NewEvent(new YearClosed(year.LastDay, new(0), new(0), head))]);
    }

    /// <summary>Makes the first generation.</summary>
    public async Task BeginAsync()
    {
        await using var connection = await server.Application.OpenConnectionAsync();
        await new Generations(Code).BeginAsync(connection, SystemClock.Instance.GetCurrentInstant(), default);
    }

    /// <summary>Asks for a rebuild without waiting for it.</summary>
    public async Task RequestAsync()
    {
        await using var connection = await server.Application.OpenConnectionAsync();
        await new Generations(Code).RequestAsync(connection, SystemClock.Instance.GetCurrentInstant(), default);
    }

    public Task<ProjectionStatus> ReadStatusAsync() => Reader.ReadStatusAsync(Log, default);

    /// <summary>Waits until the tables stand as wanted.</summary>
    public async Task<ProjectionStatus> UntilAsync(Predicate<ProjectionStatus> isSo)
    {
        while (true)
        {
            var status = await ReadStatusAsync();
            if (isSo(status))
            {
                return status;
            }

            await Task.Yield();
        }
    }

    /// <summary>The tables hold the whole log, each event once.</summary>
    public async Task ShouldHoldAllAsync(int generation = 1) => await ShouldHoldAsync(generation, (await Log.ReadHeadAsync(default)).Position);

    public async Task ShouldHoldAsync(int generation, long position)
    {
        List<(string Stream, RecordedEvent Recorded)> history = [];
        await foreach (var e in Log.ReadAllAsync(0, default))
        {
            if (e.Position <= position)
            {
                history.Add((e.Stream, new(e.Position, e.RecordedAt, e.Actor, EventCodec.Decode(e.Type, e.SchemaVersion, e.Body))));
            }
        }

        (await History.ReadAsync(server.Application, Code, generation)).ShouldBe(History.Expected(history, position));
    }

    /// <summary>No table has a row of another generation.</summary>
    public async Task ShouldHaveNothingButAsync(int generation)
    {
        foreach (var table in new[] { "projections", "facts", "region_facts", "departments", "department_years", "member_lists" })
        {
            var rows = await server.Application.QueryAsync<long>(
                $"select count(*) from {LogSchema.NameOf(Code)}.{table} where generation <> {generation.ToString(CultureInfo.InvariantCulture)}");
            rows.ShouldBe(0, table);
        }
    }

    public ValueTask DisposeAsync() => ((IAsyncDisposable)Log).DisposeAsync();

    private static NewEvent NewEvent(LedgerEvent e)
    {
        var encoded = EventCodec.Encode(e);
        return new(encoded.Type, encoded.SchemaVersion, e.Date, encoded.Body);
    }

    private async Task<long> AppendAsync(FiscalYear year, IReadOnlyList<NewEvent> events)
    {
        var version = versions.GetValueOrDefault(year);
        var result = await Log.AppendAsync(new(Guid.CreateVersion7(), "张三", [new(Streams.Year(Department, year), version, events)]), default);
        versions[year] = version + events.Count;
        return result.LastPosition;
    }

    /// <summary>A projector at work in this process.</summary>
    internal sealed class Running : IDisposable
    {
        private readonly CancellationTokenSource enough = new();
        private readonly Task running;

        public Running(Projector projector) => running = Task.Run(() => projector.RunAsync(enough.Token));

        public void Dispose()
        {
            enough.Cancel();
            ((IAsyncResult)running).AsyncWaitHandle.WaitOne();
            enough.Dispose();
        }
    }
}
