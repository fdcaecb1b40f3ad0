using System.Globalization;
using Alba;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Regions;
using FinalAccounts.Server;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using FinalAccounts.ServerTests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace FinalAccounts.CritterStackTests.Hosting;

/// <summary>A host of the API in this process, with a region of its own.</summary>
public sealed class ApiHost : IAsyncDisposable
{
    private readonly TemporaryDirectory directory;
    private readonly Database database;
    private int departments = 100;

    private ApiHost(TemporaryDirectory directory, Database database, IAlbaHost alba, WebApplication app, RegionCode region)
    {
        (this.directory, this.database, Alba, App, Region) = (directory, database, alba, app, region);
    }

    public IAlbaHost Alba { get; }

    public WebApplication App { get; }

    public RegionCode Region { get; }

    public LiveRegion Live => App.Services.GetRequiredService<LiveRegions>().Find(Region)!;

    /// <summary>The server on our own engine.</summary>
    public static async Task<ApiHost> StartServerAsync(LogServer server)
    {
        var region = await server.NewLogAsync();
        return await StartAsync(server, region, ServerApplication.CreateBuilder, app =>
        {
            ServerApplication.Use(app);
            ServerApplication.Map(app);
        });
    }

    /// <summary>A host: made, started, and the department registered.</summary>
    /// <param name="create">Makes the builder; the logs are there.</param>
    /// <param name="map">Puts the routes in.</param>
    public static async Task<ApiHost> StartAsync(
        LogServer server, RegionCode region, Func<string[], ServerGround, WebApplicationBuilder> create, Action<WebApplication> map)
    {
        var directory = new TemporaryDirectory();
        var database = Database.Of(server.ApplicationConnectionString, server.OwnerConnectionString);
        var builder = create(["--environment=Production"], new(database, directory.Root, SystemClock.Instance));
        builder.Logging.ClearProviders();
        WebApplication app = null!;
        var alba = await AlbaHost.For(builder, built =>
        {
            map(built);
            app = built;
        });
        var host = new ApiHost(directory, database, alba, app, region);
        try
        {
            await using var terminal = new StringWriter(CultureInfo.InvariantCulture);
            await ServerApplication.PrepareAsync(app, terminal, CancellationToken.None);
            await app.Services.GetRequiredService<LiveRegions>().WhenReadyAsync(CancellationToken.None);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Alba.StopAsync();
        await Alba.DisposeAsync();
        await database.DisposeAsync();
        directory.Dispose();
    }

    /// <summary>A department without books, and a user of each kind.</summary>
    public async Task<ApiDepartment> NewDepartmentAsync()
    {
        var code = new DepartmentCode(Interlocked.Increment(ref departments).ToString(CultureInfo.InvariantCulture));
        var registered = Deciding.Decide(DepartmentState.Unknown, new RegisterDepartment(new(2024, 1, 1), code, $"市统计局{code}", "某省某市"));
        var stored = await Live.Log.AppendAsync("设立", Guid.CreateVersion7(), [(Streams.Department(code), 0, registered.Events)], CancellationToken.None);
        await Live.WaitForAsync(stored.LastPosition, CancellationToken.None);
        return await WithUsersAsync(code);
    }

    /// <summary>A department whose 2024 can be published: that of a sample, with a user of each kind.</summary>
    /// <param name="sample">Not one that another test of the same host takes.</param>
    public async Task<ApiDepartment> NewSampleAsync(string sample = "yiyang-2024")
    {
        var books = Importing.Read(Repository.File($"samples/{sample}"));
        await Importing.ImportAsync(Live.Log, "样例", books, CancellationToken.None);
        await Live.WaitForAsync((await Live.Log.ReadHeadAsync(CancellationToken.None)).Position, CancellationToken.None);
        return await WithUsersAsync(books.DepartmentCode);
    }

    /// <summary>A browser with a new user signed in who has a role in a department.</summary>
    public async Task<HttpClient> SignInAsync(Role role, DepartmentCode department)
    {
        var (user, password, _) = await NewUserAsync(role, department);
        return await new HttpClient(new CookieHandler(Alba.Server.CreateHandler())) { BaseAddress = new("https://localhost") }.SignInAsync(user.Name, password);
    }

    private async Task<ApiDepartment> WithUsersAsync(DepartmentCode code)
    {
        var tokens = new Dictionary<Role, string>();
        foreach (var role in new[] { Role.Clerk, Role.Head, Role.Bureau, Role.Auditor })
        {
            tokens.Add(role, await NewTokenAsync(role, code));
        }

        return new(this, code, tokens);
    }

    private async Task<string> NewTokenAsync(Role role, DepartmentCode department)
    {
        var (user, _, assignment) = await NewUserAsync(role, department);
        var account = new Account(user.Id, user.Name, [assignment], SignInMeans.Cookie);
        return (await App.Services.GetRequiredService<Tokens>().CreateAsync(account, "test", 1, CancellationToken.None)).Text;
    }

    private async Task<(User User, string Password, Assignment Assignment)> NewUserAsync(Role role, DepartmentCode department)
    {
        await using var scope = App.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<Users>();
        var assignment = new Assignment(role, Region, role is Role.Clerk or Role.Head ? department : null);
        var (user, password) = await users.CreateAsync("test", $"{role}-{Region}-{department}-{Guid.NewGuid():N}"[..40], mustChangePassword: false);
        await users.AssignAsync("test", user, assignment, CancellationToken.None);
        return (user, password, assignment);
    }
}
