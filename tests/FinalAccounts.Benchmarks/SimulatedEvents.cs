using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Regions.Simulation;
using FinalAccounts.Reporting.Forms;
using NodaTime;
using Npgsql;

namespace FinalAccounts.Benchmarks;

/// <summary>Events as they occur: the books of a simulated region, read back from its log.</summary>
internal static class SimulatedEvents
{
    private const string Form = "hunan-2024";
    private static readonly RegionCode Region = new("999996");

    /// <summary>The year of all events.</summary>
    public static FiscalYear Year { get; } = new(2024);

    /// <summary>All events of a year stream, in order.</summary>
    /// <param name="postings">Vouchers of expenditure; budget, income and the rest come on top.</param>
    public static async Task<IReadOnlyList<StoredEvent>> YearAsync(NpgsqlDataSource dataSource, int postings)
    {
        await LogSchema.MigrateAsync(dataSource, Region, null, default);
        await using (var log = new PostgresEventLog(dataSource, Region, SystemClock.Instance))
        {
            var simulation = new Simulation(Year, FormPack.Load(Form)!, [postings], seed: 3);
            await simulation.AppendAsync(log, progress: null, default);
            List<StoredEvent> events = [];
            await foreach (var e in log.ReadStreamAsync(Streams.Year(simulation.Departments[0], Year), 1, default))
            {
                events.Add(e);
            }

            await DropAsync(dataSource, Region);
            return events;
        }
    }

    /// <summary>Postings of one line or a few, to be appended.</summary>
    public static async Task<IReadOnlyList<NewEvent>> PostingsAsync(NpgsqlDataSource dataSource, int count) =>
    [
        .. (await YearAsync(dataSource, count)).Where(e => e.Type == "expenditure-posted").Take(count)
            .Select(e => new NewEvent(e.Type, e.SchemaVersion, e.AccountingDate, e.Body)),
    ];

    /// <summary>Makes an empty region; one that is there goes.</summary>
    public static async Task RenewAsync(NpgsqlDataSource dataSource, RegionCode region)
    {
        await DropAsync(dataSource, region);
        await LogSchema.MigrateAsync(dataSource, region, null, default);
    }

    /// <summary>Removes a region.</summary>
    public static async Task DropAsync(NpgsqlDataSource dataSource, RegionCode region)
    {
        await using var drop = dataSource.CreateCommand($"drop schema if exists {LogSchema.NameOf(region)} cascade");
        drop.CommandTimeout = 600;
        await drop.ExecuteNonQueryAsync();
    }
}
