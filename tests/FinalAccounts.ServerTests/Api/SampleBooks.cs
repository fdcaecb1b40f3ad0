using FinalAccounts.EventLog;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Server.Books;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace FinalAccounts.ServerTests.Api;

/// <summary>The samples' books in a database, as the demonstration puts them there.</summary>
internal static class SampleBooks
{
    public const string Actor = "样例";

    /// <summary>Imports a department's lists and closes the year.</summary>
    public static async Task AddAsync(Database database, string sample, bool close = true)
    {
        var books = Importing.Read(Repository.File(Path.Combine("samples", sample)));
        await LogSchema.MigrateAsync(database.Owner, books.Region, database.ApplicationRole, CancellationToken.None);
        await using var log = await RegionLog.OpenAsync(database, books.Region, SystemClock.Instance, CancellationToken.None);
        await Importing.ImportAsync(log, Actor, books, CancellationToken.None);
        if (close)
        {
            var department = await log.ReadDepartmentAsync(books.DepartmentCode, CancellationToken.None);
            await YearEnd.CloseAsync(log, new(Actor), department, books.FiscalYear, books.FiscalYear.LastDay, CancellationToken.None);
        }
    }

    /// <summary>A server with the open books of a department and its two units.</summary>
    public static async Task<TestServer> StartWithUnitsAsync(PostgresFixture postgres)
    {
        var server = await TestServer.StartAsync(postgres, async database =>
        {
            foreach (var unit in (string[])["bureau", "employment", "social-insurance"])
            {
                await AddAsync(database, $"consolidated-2024/{unit}", close: false);
            }
        });
        await server.App.Services.GetRequiredService<LiveRegions>().WhenReadyAsync(CancellationToken.None);
        return server;
    }

    /// <summary>The document of a sample as it is built from its lists alone, without server and database.</summary>
    public static DisclosureDocument Document(string sample, string? prior) => Preview.Read(
        Repository.File(Path.Combine("samples", sample)),
        prior is null ? null : Repository.File(Path.Combine("samples", prior))).Preview!.Document;
}
