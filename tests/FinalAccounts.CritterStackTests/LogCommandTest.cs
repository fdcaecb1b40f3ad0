using FinalAccounts.IntegrationTests.Cli;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using Shouldly;

namespace FinalAccounts.CritterStackTests;

/// <summary>The program's <c>export log</c> and <c>import log</c> are those of <c>fa</c>, with the log on Marten.</summary>
[Collection(LogServerCollection.Name)]
public sealed class LogCommandTest : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly LogServer server;
    private readonly Fa fa;
    private readonly Fa marten;

    public LogCommandTest(LogServer server)
    {
        this.server = server;

        // Where it was built: beside this one it would lack what the web framework brings along here.
        var built = AppContext.BaseDirectory.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries)[^2..];
        fa = In("fa", Repository.File($"src/FinalAccounts.Cli/bin/{string.Join('/', built)}/fa.dll"));
        marten = In("marten", "FinalAccounts.CritterStack.dll");
    }

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_log_with_its_documents_goes_to_Marten_and_comes_back_the_same_with_the_words_of_fa()
    {
        var region = await NewRegionAsync();
        var exported = await DoneAsync(fa, "export", "log", "--region", region, "--out", "log.jsonl", "--documents", "documents");
        var file = directory["fa/log.jsonl"];

        var imported = await DoneAsync(marten, "import", "log", file, "--documents", directory["fa/documents"]);
        imported.ShouldContain("逐条校验无误");
        (await DoneAsync(marten, "import", "log", file)).ShouldContain("未作改动");

        (await DoneAsync(marten, "export", "log", "--region", region, "--out", "log.jsonl", "--documents", "documents")).ShouldBe(exported);
        (await File.ReadAllBytesAsync(directory["marten/log.jsonl"])).ShouldBe(await File.ReadAllBytesAsync(file));
        (await DoneAsync(marten, "export", "log", "--region", region, "--out", "log.jsonl", "--json"))
            .ShouldBe(await DoneAsync(fa, "export", "log", "--region", region, "--out", "log.jsonl", "--json"));
        (await server.VerifyMartenAsync(new(region))).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_wrong_is_refused_as_by_fa()
    {
        var region = await NewRegionAsync();
        await DoneAsync(fa, "export", "log", "--region", region, "--out", "log.jsonl");
        var lines = await File.ReadAllLinesAsync(directory["fa/log.jsonl"]);
        await File.WriteAllTextAsync(directory["missing.jsonl"], string.Concat(lines.Where((_, i) => i != 5).Select(l => l + "\n")));
        foreach (var wrong in new string[][]
        {
            ["import", "log", directory["missing.jsonl"]], ["import", "log", "nowhere.jsonl"], ["import", "log"], ["export", "log"], ["export"],
            ["import", "log", directory["fa/log.jsonl"], "--region", "430999"], ["export", "log", "--region", "43", "--out", "x"],
        })
        {
            var (expected, got) = (await fa.RunAsync(wrong), await marten.RunAsync(wrong));
            got.ExitCode.ShouldBe(expected.ExitCode, string.Join(' ', wrong));
            got.ExitCode.ShouldNotBe(0);
            got.Error.ShouldBe(expected.Error);
        }
    }

    /// <summary>A region on our engine with a sample's books, closed and published.</summary>
    private async Task<string> NewRegionAsync()
    {
        var region = await server.NewLogAsync();
        await using var database = Database.Of(server.ApplicationConnectionString, server.OwnerConnectionString);
        await using var log = await RegionLog.OpenAsync(database, region, NodaTime.SystemClock.Instance, default);
        var books = Importing.Read(Repository.File("samples/yiyang-2024"));
        await Importing.ImportAsync(log, "样例", books, default);
        var department = await log.ReadDepartmentAsync(books.DepartmentCode, default);
        await YearEnd.CloseAsync(log, new("样例"), department, books.FiscalYear, books.FiscalYear.LastDay, default);
        var reported = await ReportedYear.BuildAsync(log, books.DepartmentCode.ToString(), books.FiscalYear, AsOf.Now, default);
        await Publishing.PublishAsync(log, reported, new("样例"), new(2025, 8, 1), default);
        return region.ToString();
    }

    private Fa In(string folder, string program)
    {
        Directory.CreateDirectory(directory[folder]);
        return new(directory[folder], new Dictionary<string, string>
        {
            [Database.Variable] = server.ApplicationConnectionString,
            [Database.OwnerVariable] = server.OwnerConnectionString,
            ["FINALACCOUNTS_DATA"] = directory["data"],
        }, program);
    }

    private static async Task<string> DoneAsync(Fa program, params string[] arguments)
    {
        var result = await program.RunAsync(arguments);
        result.ExitCode.ShouldBe(0, result.ToString());
        return result.Output;
    }
}
