using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FinalAccounts.Server.Imports;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace FinalAccounts.ServerTests.Api;

/// <summary>Uploads, and the long work that goes on behind an answer.</summary>
[Collection(PostgresCollection.Name)]
public sealed class ImportingTest(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Imports = $"{ApiServer.Year}/imports";
    private readonly ApiServer server = new(postgres, "yiyang-2023");

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Lists_are_imported_as_files_and_only_once()
    {
        using var checkedOnly = await SendAsync($"{Imports}?dryRun=true", Lists());
        checkedOnly.StatusCode.ShouldBe(HttpStatusCode.OK, await checkedOnly.Content.ReadAsStringAsync());
        var plan = await checkedOnly.JsonAsync();
        (await server.Clerk.GetAsync(ApiServer.Year)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using var first = await SendAsync(Imports, Lists());
        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        var imported = await first.JsonAsync();
        imported["newEvents"]!.GetValue<int>().ShouldBe(plan["newEvents"]!.GetValue<int>());
        using var document = await server.Clerk.GetAsync($"{ApiServer.Year}/document");
        (await document.Content.ReadAsByteArrayAsync()).ShouldBe(FinalAccounts.Documents.JsonWriter.Write(SampleBooks.Document("yiyang-2024", "yiyang-2023")));

        using var again = await SendAsync(Imports, Lists());
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await again.JsonAsync())["newEvents"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task An_archive_of_the_lists_is_as_good()
    {
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in Lists())
            {
                await using var entry = await zip.CreateEntry($"账簿/{name}").OpenAsync();
                await entry.WriteAsync(content);
            }
        }

        using var response = await SendAsync($"{Imports}?dryRun=true", [("账簿.zip", archive.ToArray())]);

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Errors_name_file_row_and_column_and_nothing_is_stored()
    {
        var lists = Lists().Select(l => l.Name == "expenditure.csv"
            ? (l.Name, Content: Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(l.Content).Replace("2024-01-", "2023-01-", StringComparison.Ordinal)))
            : l).ToList();

        using var response = await SendAsync(Imports, lists);

        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problem = await response.JsonAsync();
        problem["type"]!.GetValue<string>().ShouldBe("urn:finalaccounts:problem:import-refused");
        var error = problem["errors"]![0]!;
        error["rule"]!.GetValue<string>().ShouldBe("I-date-outside-year");
        error["file"]!.GetValue<string>().ShouldBe("expenditure.csv");
        error["row"]!.GetValue<int>().ShouldBe(2);
        error["value"]!.GetValue<string>().ShouldStartWith("2023-01-");
        (await server.Clerk.GetAsync(ApiServer.Year)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Books_of_another_year_or_department_are_refused()
    {
        using var year = await SendAsync(Imports.Replace("2024", "2023", StringComparison.Ordinal), Lists());
        year.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await year.JsonAsync())["type"]!.GetValue<string>().ShouldBe("urn:finalaccounts:problem:upload-other-books");

        using var department = await SendAsync(Imports.Replace(ApiServer.Department, "117006", StringComparison.Ordinal), Lists(), server.Bureau);
        department.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task What_is_no_upload_is_refused()
    {
        using var none = await SendAsync(Imports, []);
        none.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var broken = await SendAsync(Imports, [("账簿.zip", [1, 2, 3])]);
        broken.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await broken.JsonAsync())["type"]!.GetValue<string>().ShouldBe("urn:finalaccounts:problem:upload-archive-broken");
        using var twice = await SendAsync(Imports, [("a.csv", [65]), ("x/a.csv", [65])]);
        (await twice.JsonAsync())["type"]!.GetValue<string>().ShouldBe("urn:finalaccounts:problem:upload-name-twice");
        using var json = await server.Clerk.PostAsync(Imports, "{}");
        json.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        using var many = await SendAsync(Imports, [.. Enumerable.Range(0, 31).Select(i => ($"{i}.csv", new byte[] { 65 }))]);
        many.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    /// <summary>An entry that unpacks to more than may be, from a few bytes that are sent.</summary>
    [Fact]
    public async Task An_archive_that_swells_beyond_the_limit_is_refused()
    {
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var entry = await zip.CreateEntry("expenditure.csv", CompressionLevel.Fastest).OpenAsync();
            var zeros = new byte[1 << 20];
            for (var i = 0; i <= 256; i++)
            {
                await entry.WriteAsync(zeros);
            }
        }

        using var response = await SendAsync(Imports, [("账簿.zip", archive.ToArray())]);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Long_work_is_followed_until_it_is_over()
    {
        using var started = await SendAsync(Imports, Lists(), prefer: "respond-async");
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var location = started.Headers.Location!.OriginalString;

        var last = await server.Clerk.FollowAsync($"{location}/events");

        last["state"]!.GetValue<string>().ShouldBe("done");
        last["import"]!["newEvents"]!.GetValue<int>().ShouldBeGreaterThan(100);
        (await server.Clerk.ReadAsync(location)).Text().ShouldBe(last.Text());
        (await server.Clerk.GetAsync(ApiServer.Year)).StatusCode.ShouldBe(HttpStatusCode.OK);

        // The own jobs are everybody's to see, those of others the bureau's and the auditors'.
        (await server.Auditor.GetAsync(location)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.Head.GetAsync(location)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Head.ReadAsync("/api/v1/regions/430900/jobs"))["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_import_that_a_stop_of_the_server_has_cut_off_is_taken_up_at_the_next_start()
    {
        var services = server.Server.App.Services;
        var store = services.GetRequiredService<UploadStore>();
        var upload = await TakeAsync(store);
        var job = Guid.CreateVersion7();
        store.Write(upload with { Job = job });

        // Half of an upload, as a server leaves it that is killed while it takes one.
        var half = Directory.CreateDirectory(Path.Combine(server.Server.DataDirectory, "uploads", $"{Guid.NewGuid():N}"));

        using var start = ActivatorUtilities.CreateInstance<ImportJobs>(services);
        await start.StartAsync(default);

        // Before the server listens, for what it takes then looks the same.
        half.Refresh();
        half.Exists.ShouldBeFalse();
        await start.ExecuteTask!;

        var last = await server.Auditor.FollowAsync($"/api/v1/regions/{ApiServer.Region}/jobs/{job}/events");
        last["state"]!.GetValue<string>().ShouldBe("done");
        last["import"]!["newEvents"]!.GetValue<int>().ShouldBeGreaterThan(100);
        store.All().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_import_that_ends_the_server_again_and_again_is_given_up()
    {
        var services = server.Server.App.Services;
        var store = services.GetRequiredService<UploadStore>();
        store.Write(await TakeAsync(store) with { Job = Guid.CreateVersion7(), Attempts = ImportJobs.Attempts });

        using var start = ActivatorUtilities.CreateInstance<ImportJobs>(services);
        await start.StartAsync(default);
        await start.ExecuteTask!;

        store.All().ShouldBeEmpty();
        (await server.Clerk.GetAsync(ApiServer.Year)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_oldest_upload_that_waits_gives_way_and_one_that_is_being_recorded_does_not()
    {
        var store = server.Server.App.Services.GetRequiredService<UploadStore>();
        List<StoredUpload> uploads = [];
        for (var i = 0; i < UploadLimits.Stored; i++)
        {
            uploads.Add(await TakeAsync(store));
        }

        store.Write(uploads[0] with { Job = Guid.CreateVersion7() });
        var next = await TakeAsync(store);

        store.All().Select(u => u.Id).ShouldBe([uploads[0].Id, .. uploads.Skip(2).Select(u => u.Id), next.Id], ignoreOrder: true);
        foreach (var upload in store.All())
        {
            store.Write(upload with { Job = Guid.CreateVersion7() });
        }

        (await Should.ThrowAsync<UploadException>(() => TakeAsync(store))).Problem.ShouldBe(UploadProblem.NoRoom);
        using var response = await SendAsync(Imports, Lists());
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_verification_proves_the_log_and_finds_what_was_changed()
    {
        var head = await VerifyAsync("{}");
        head["isIntact"]!.GetValue<bool>().ShouldBeTrue();
        var seal = head["head"]!;

        (await VerifyAsync($$"""{"seals":[{{seal.Text()}}]}"""))["isIntact"]!.GetValue<bool>().ShouldBeTrue();
        await server.Server.ExecuteAsync("update region_430900.events set schema_version = 9 where position = 5");
        var changed = await VerifyAsync("{}");
        changed["isIntact"]!.GetValue<bool>().ShouldBeFalse();
        changed["firstBadPosition"]!.GetValue<long>().ShouldBe(5);

        using var clerk = await server.Clerk.PostAsync("/api/v1/regions/430900/verifications", "{}");
        clerk.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var wrong = await server.Auditor.PostAsync("/api/v1/regions/430900/verifications", """{"seals":[{"position":1,"hash":"x"}]}""");
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<JsonNode> VerifyAsync(string body)
    {
        using var started = await server.Auditor.PostAsync("/api/v1/regions/430900/verifications", body);
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var job = await server.Auditor.FollowAsync((await started.JsonAsync())["events"]!.GetValue<string>());
        return job["verification"]!;
    }

    private static Task<StoredUpload> TakeAsync(UploadStore store) => store.TakeAsync(
        [.. Lists().Select(f => new UploadedFile(f.Name, f.Content.Length, () => new MemoryStream(f.Content)))],
        new(ApiServer.Region), new(ApiServer.Department), new(2024), "clerk", default);

    private static List<(string Name, byte[] Content)> Lists() =>
    [
        .. Directory.GetFiles(Repository.File("samples/yiyang-2024")).Where(f => Path.GetExtension(f) is ".csv" or ".yaml")
            .Where(f => Path.GetFileName(f) != "differences.yaml").Select(f => (Path.GetFileName(f), File.ReadAllBytes(f))),
    ];

    private Task<HttpResponseMessage> SendAsync(
        string path, IEnumerable<(string Name, byte[] Content)> files, HttpClient? client = null, string? prefer = null)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, content) in files)
        {
            form.Add(new ByteArrayContent(content), "files", name);
        }

        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = form };
        if (prefer is not null)
        {
            request.Headers.Add("Prefer", prefer);
        }

        return (client ?? server.Clerk).SendAsync(request);
    }
}
