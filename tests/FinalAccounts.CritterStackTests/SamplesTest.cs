using System.Security.Cryptography;
using System.Text;
using FinalAccounts.CritterStack;
using FinalAccounts.Documents;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using NodaTime;
using Shouldly;

namespace FinalAccounts.CritterStackTests;

/// <summary>All samples on both engines: the same commands give the same events and the same documents.</summary>
[Collection(LogServerCollection.Name)]
public sealed class SamplesTest(LogServer server)
{
    private const string Actor = "样例";

    private static readonly IClock Clock = new SetClock(Instant.FromUtc(2025, 8, 1, 2, 0));

    [Fact]
    public async Task Every_sample_has_the_same_log_and_documents_on_both_engines()
    {
        await using var database = Database.Of(server.ApplicationConnectionString, server.OwnerConnectionString);
        var samples = Directory.EnumerateFiles(Repository.File("samples"), "department.yaml", SearchOption.AllDirectories)
            .Select(f => Path.GetDirectoryName(f)!).Order(StringComparer.Ordinal).Select(folder => Importing.Read(folder)).ToList();
        samples.ShouldNotBeEmpty();
        foreach (var region in samples.Select(b => b.Region).Distinct())
        {
            await LogSchema.MigrateAsync(server.Owner, region, LogServer.ApplicationRole, default);
            await RegionStore.MigrateAsync(server.Owner, region, LogServer.ApplicationRole, default);
            await using var ours = await RegionLog.OpenAsync(database, region, Clock, default);
            await using var marten = new RegionLog(new MartenEventLog(server.Application, region, Clock), database, region, Clock);
            var inRegion = samples.Where(b => b.Region == region).ToList();
            foreach (var books in inRegion)
            {
                RequireSame(await RunAsync(ours, books), await RunAsync(marten, books), books);
            }

            // When all units of a department are there.
            foreach (var books in inRegion)
            {
                RequireSame(await ConsolidateAsync(ours, books), await ConsolidateAsync(marten, books), books);
            }

            // Each event with its position, time, command and bytes.
            (await marten.ReadHeadAsync(default)).ShouldBe(await ours.ReadHeadAsync(default));
            (await server.VerifyMartenAsync(region)).Findings.ShouldBeEmpty();
        }
    }

    /// <summary>Imports, closes, reports and publishes.</summary>
    private static async Task<Dictionary<string, byte[]>> RunAsync(RegionLog log, Import.Books books)
    {
        await Importing.ImportAsync(log, Actor, books, default);
        var department = await log.ReadDepartmentAsync(books.DepartmentCode, default);
        await YearEnd.CloseAsync(log, RecordingOf(books, "close"), department, books.FiscalYear, books.FiscalYear.LastDay, default);
        var reported = await ReportedYear.BuildAsync(log, department.Code.ToString(), books.FiscalYear, AsOf.Now, default);
        if (Publishing.IsPublishable(reported.Document))
        {
            await Publishing.PublishAsync(log, reported, RecordingOf(books, "publish"), new(2025, 8, 1), default);
        }

        return Documents(reported.Document);
    }

    /// <summary>The documents of a department with its units; none where it has none.</summary>
    private static async Task<Dictionary<string, byte[]>> ConsolidateAsync(RegionLog log, Import.Books books)
    {
        var members = await log.ReadMemberListsAsync(books.FiscalYear, AsOf.Now, default);
        return members.Scope(books.DepartmentCode).Count < 2
            ? []
            : Documents((await Consolidation.BuildAsync(log, books.DepartmentCode.ToString(), books.FiscalYear, AsOf.Now, default)).Document);
    }

    private static void RequireSame(Dictionary<string, byte[]> ours, Dictionary<string, byte[]> martens, Import.Books books)
    {
        martens.Keys.ShouldBe(ours.Keys);
        foreach (var (name, bytes) in ours)
        {
            martens[name].AsSpan().SequenceEqual(bytes).ShouldBeTrue($"{name} of {books.DepartmentCode} in {books.FiscalYear}");
        }
    }

    private static Dictionary<string, byte[]> Documents(DisclosureDocument document) => new()
    {
        ["html"] = HtmlWriter.Write(document),
        ["json"] = JsonWriter.Write(document),
        ["docx"] = DocxWriter.Write(document),
        ["xlsx"] = XlsxWriter.Write(document),
    };

    /// <summary>The same id on both engines, for it is a part of the hash.</summary>
    private static Recording RecordingOf(Import.Books books, string step) =>
        new(Actor, new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{books.DepartmentCode}/{books.FiscalYear}/{step}")).AsSpan(0, 16)));
}
