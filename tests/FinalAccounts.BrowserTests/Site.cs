using System.Text.RegularExpressions;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using FinalAccounts.ServerTests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NodaTime;

namespace FinalAccounts.BrowserTests;

/// <summary>The tests share one running server with all samples in it, and one browser. Each test has a browser window of its own.</summary>
[CollectionDefinition(Name)]
public sealed class SiteCollection : ICollectionFixture<Site>
{
    public const string Name = "site";
}

/// <summary>The server with the samples imported, closed and published as the demonstration does it, and Debian's Chromium.</summary>
public sealed class Site : IAsyncLifetime
{
    private readonly PostgresFixture postgres = new();
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    public TestServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await postgres.InitializeAsync();
        Server = await TestServer.StartAsync(postgres);
        foreach (var folder in Samples())
        {
            await ImportAsync(folder);
        }

        // The server looks for new regions every few seconds; the tests begin when it has seen them all.
        var regions = Server.App.Services.GetRequiredService<LiveRegions>();
        await Until(() => regions.All.Count == (Samples().Select(RegionOf).Distinct().Count()) && regions.All.All(r => r.Head.Position > 0));
        foreach (var region in regions.All)
        {
            await region.WaitForAsync((await region.Log.ReadHeadAsync(CancellationToken.None)).Position, CancellationToken.None);
        }

        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium(),
            Args =
            [
                "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-extensions",
                .. Environment.UserName == "root" ? new[] { "--no-sandbox" } : [],
            ],
        });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        await Server.DisposeAsync();
        await postgres.DisposeAsync();
    }

    /// <summary>A window of a browser that knows nobody.</summary>
    /// <param name="width">Of the page, in CSS pixels.</param>
    /// <param name="withScripts">False for a browser that runs none.</param>
    public async Task<IPage> OpenAsync(int width = 1440, bool withScripts = true)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = Server.Address.ToString(),
            ViewportSize = new() { Width = width, Height = width < 600 ? 844 : 900 },
            JavaScriptEnabled = withScripts,
            Locale = "zh-CN",
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        return page;
    }

    /// <summary>A window with somebody signed in who has a role for a sample's books.</summary>
    public async Task<IPage> OpenAsync(Role role, string sample, int width = 1440, bool withScripts = true)
    {
        var page = await OpenAsync(width, withScripts);
        var user = await NewUserAsync(role, sample);
        await page.GotoAsync("/sign-in");
        await page.Locator("#name").FillAsync(user.Name);
        await page.Locator("#password").FillAsync(user.Password);
        await page.Locator("form button[type=submit]").ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
        return page;
    }

    public Task<TestUser> NewUserAsync(Role role, string sample)
    {
        var (region, department) = (RegionOf(Folder(sample)), DepartmentOf(sample));
        Assignment assignment = role switch
        {
            Role.Administrator => new(role, null, null),
            Role.Bureau or Role.Auditor => new(role, region, null),
            _ => new(role, region, department),
        };
        return Server.NewUserAsync($"u{Guid.NewGuid():N}"[..20], assignment);
    }

    /// <summary>What the server has logged as an error.</summary>
    public IReadOnlyList<string> Errors => [.. Server.Log.Where(l => l.Level >= Microsoft.Extensions.Logging.LogLevel.Error).Select(l => l.Text)];

    /// <summary>Where the pages of a sample's year are.</summary>
    public static string YearOf(string sample) => $"/regions/{RegionOf(Folder(sample))}/departments/{DepartmentOf(sample)}/years/{Value(Folder(sample), "年度")}";

    public LiveRegion Live(string sample) => Server.App.Services.GetRequiredService<LiveRegions>().Find(RegionOf(Folder(sample)))!;

    public static string Folder(string sample) => Repository.File($"samples/{sample}");

    public static DepartmentCode DepartmentOf(string sample) => new(Value(Folder(sample), "单位代码"));

    /// <summary>Waits for something that the server does by itself.</summary>
    public static async Task Until(Func<bool> condition)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>The samples in the order in which a year finds the one before it.</summary>
    private static IEnumerable<string> Samples() => Directory.EnumerateFiles(Repository.File("samples"), "department.yaml", SearchOption.AllDirectories)
        .Select(f => Path.GetDirectoryName(f)!).Order(StringComparer.Ordinal);

    private static RegionCode RegionOf(string folder) => new(Value(folder, "地区代码"));

    private static string Value(string folder, string key) =>
        Regex.Match(File.ReadAllText(Path.Combine(folder, "department.yaml")), $"^{key}: *[\"']?([^\"'\r\n]+?)[\"']? *$", RegexOptions.Multiline).Groups[1].Value;

    private async Task ImportAsync(string folder)
    {
        var books = Importing.Read(folder);
        var none = CancellationToken.None;
        await LogSchema.MigrateAsync(Server.Database.Owner, books.Region, Server.Database.ApplicationRole, none);
        await using var log = await RegionLog.OpenAsync(Server.Database, books.Region, SystemClock.Instance, none);
        await Importing.ImportAsync(log, "demo", books, none);
        var department = await log.FindDepartmentAsync(books.DepartmentCode.ToString(), none);
        await YearEnd.CloseAsync(log, new("demo"), department, books.FiscalYear, books.FiscalYear.LastDay, none);
        var reported = await ReportedYear.BuildAsync(log, books.DepartmentCode.ToString(), books.FiscalYear, Reporting.AsOf.Now, none);
        if (Publishing.IsPublishable(reported.Document))
        {
            await Publishing.PublishAsync(log, reported, new("demo"), new LocalDate(2025, 9, 1), none);
        }
    }

    private static string Chromium() =>
        new[] { Environment.GetEnvironmentVariable("FINALACCOUNTS_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("The browser tests need Chromium. Run ops/setup.sh, or: sudo apt-get install chromium");
}
