using System.Globalization;
using System.Net;
using FinalAccounts.Benchmarks;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.ServerTests.Api;
using Npgsql;
using Shouldly;

namespace FinalAccounts.ServerTests.Faults;

/// <summary>
/// The server is killed (SIGKILL) at random moments while it takes uploads and records them, and started again. What is random follows
/// from a seed, as far as the machine lets it.
/// </summary>
[Collection(PostgresCollection.Name)]
public sealed class KilledUploadTest(PostgresFixture postgres)
{
    private const int Seed = 120;
    private const string Schema = $"region_{ApiServer.Region}";
    private const int Imports = 6;
    private const int Vouchers = 3_000;
    private static readonly string Where = $"seed {Seed}";

    [Fact]
    public async Task Uploads_and_the_jobs_that_record_them_come_to_their_end_by_themselves_after_8_kills()
    {
        await using var server = await ServerProcess.StartAsync(
            postgres, ApiServer.Region, database => LogSchema.MigrateAsync(database.Owner, new(ApiServer.Region), database.ApplicationRole, CancellationToken.None));
        await using var watcher = await server.Superuser.OpenConnectionAsync();
        var bytes = await MeasureAsync(server, watcher);
        var acknowledged = 0;
        for (var n = 1; n <= Imports; n++)
        {
            var lists = Lists(server, n);
            var isAcknowledged = await KillAndStartAgainAsync(server, watcher, lists, n, bytes);
            await UntilAsync(server, watcher, long.MaxValue);

            // What was answered is recorded; what was not is, or is not.
            acknowledged += isAcknowledged ? 1 : 0;
            (await ReadEventsAsync(server, lists)).ShouldBeOneOf([lists.Written.Events, .. isAcknowledged ? Array.Empty<long>() : [0L]]);

            // Sent again, as anybody would who has got no answer.
            using var again = await server.Bureau.SendAsync(Upload(lists, _ => { }));
            (await FollowAsync(server, again)).ShouldBe("done", Where);
            await ShouldHoldAsync(server, lists);
        }

        acknowledged.ShouldBeInRange(1, Imports - 1, Where);
        server.Uploads.All().ShouldAllBe(u => u.Job == null);
        await server.ShouldBeIntactAsync(Where);
    }

    /// <summary>Records an upload that nobody disturbs.</summary>
    /// <returns>How many bytes the database writes meanwhile: so much there is to be killed in.</returns>
    private static async Task<long> MeasureAsync(ServerProcess server, NpgsqlConnection watcher)
    {
        var unharmed = Lists(server, 0);
        var before = await ReadWrittenAsync(watcher);
        using var sent = await server.Bureau.SendAsync(Upload(unharmed, _ => { }));
        (await FollowAsync(server, sent)).ShouldBe("done");
        await ShouldHoldAsync(server, unharmed);
        return await ReadWrittenAsync(watcher) - before;
    }

    /// <summary>Kills the server once in an upload or behind it, and at times once more when it has taken up what it was doing.</summary>
    /// <param name="bytes">What an upload writes.</param>
    /// <returns>Whether the upload was answered.</returns>
    private static async Task<bool> KillAndStartAgainAsync(ServerProcess server, NpgsqlConnection watcher, DepartmentLists lists, int n, long bytes)
    {
        var random = new Random(Seed + n);
        var isAcknowledged = n % 2 == 0
            ? await KillInUploadAsync(server, lists, random.NextInt64(lists.Files.Sum(f => (long)f.Content.Length)))
            : await KillInWritingAsync(server, watcher, lists, random.NextInt64(bytes));
        await server.StartAgainAsync();
        if (n % 4 == 1)
        {
            await UntilAsync(server, watcher, await ReadWrittenAsync(watcher) + random.NextInt64(bytes));
            server.Kill();
            await server.StartAgainAsync();
        }

        return isAcknowledged;
    }

    private static DepartmentLists Lists(ServerProcess server, int number)
    {
        var department = new DepartmentCode((990_000 + number).ToString(CultureInfo.InvariantCulture));
        var folder = Directory.CreateDirectory(Path.Combine(server.Folder, department.ToString())).FullName;
        var written = DepartmentFiles.Write(folder, new(ApiServer.Region), department, Vouchers);
        return new(department, written, [.. Directory.GetFiles(folder).Select(f => (Path.GetFileName(f), File.ReadAllBytes(f)))]);
    }

    /// <param name="sent">Told how many bytes of the files have been sent.</param>
    private static HttpRequestMessage Upload(DepartmentLists lists, Action<long> sent)
    {
        var form = new MultipartFormDataContent();
        var bytes = 0L;
        foreach (var (name, content) in lists.Files)
        {
            form.Add(new WatchedContent(content, n => sent(bytes += n)), "files", name);
        }

        return new(HttpMethod.Post, $"/api/v1/regions/{ApiServer.Region}/departments/{lists.Department}/years/2024/imports")
        {
            Content = form,
            Headers = { { "Prefer", "respond-async" } },
        };
    }

    /// <summary>Kills the server when it has been sent so many bytes of the files.</summary>
    /// <returns>Whether there was an answer.</returns>
    private static async Task<bool> KillInUploadAsync(ServerProcess server, DepartmentLists lists, long bytes)
    {
        var isKilled = false;
        return await IsAnsweredAsync(server.Bureau.SendAsync(Upload(lists, sent =>
        {
            if (sent > bytes && !isKilled)
            {
                isKilled = true;
                server.Kill();
            }
        })));
    }

    /// <summary>Kills the server when the database has written so many bytes since the upload began, or when all is over.</summary>
    private static async Task<bool> KillInWritingAsync(ServerProcess server, NpgsqlConnection watcher, DepartmentLists lists, long bytes)
    {
        var until = await ReadWrittenAsync(watcher) + bytes;
        var sending = server.Bureau.SendAsync(Upload(lists, _ => { }));
        while (!sending.IsCompleted && await ReadWrittenAsync(watcher) < until)
        {
        }

        await UntilAsync(server, watcher, sending.IsCompleted ? until : 0);
        server.Kill();
        return await IsAnsweredAsync(sending);
    }

    private static async Task<bool> IsAnsweredAsync(Task<HttpResponseMessage> sending)
    {
        try
        {
            using var answer = await sending;
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return false;
        }
    }

    /// <summary>Waits until the database has written so far, or no job is left that records an upload.</summary>
    private static async Task UntilAsync(ServerProcess server, NpgsqlConnection watcher, long written)
    {
        while (server.Uploads.All().Any(u => u.Job is not null) && await ReadWrittenAsync(watcher) < written)
        {
        }
    }

    /// <summary>Follows a job that was started to its end.</summary>
    /// <returns>Its last state.</returns>
    private static async Task<string> FollowAsync(ServerProcess server, HttpResponseMessage started)
    {
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted, await started.Content.ReadAsStringAsync());
        return (await server.Bureau.FollowAsync((await started.JsonAsync())["events"]!.GetValue<string>()))["state"]!.GetValue<string>();
    }

    private static async Task ShouldHoldAsync(ServerProcess server, DepartmentLists lists)
    {
        (await ReadEventsAsync(server, lists)).ShouldBe(lists.Written.Events, Where);
        (await server.QueryAsync(
            $"""
            select sum((line ->> 'amount')::bigint * case type when 'expenditure-reversed' then -1 else 1 end)::bigint
              from {Schema}.events_readable e, jsonb_array_elements(e.body::jsonb -> 'lines') line
             where type in ('expenditure-posted', 'expenditure-reversed') and stream = 'year/{lists.Department}/2024'
            """)).ShouldBe(lists.Written.Fen, Where);
    }

    private static Task<long> ReadEventsAsync(ServerProcess server, DepartmentLists lists) => server.QueryAsync(
        $"select count(*) from {Schema}.events_readable where stream in ('department/{lists.Department}', 'year/{lists.Department}/2024')");

    /// <summary>How many bytes the database has written to its log of changes.</summary>
    private static async Task<long> ReadWrittenAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select (pg_current_wal_insert_lsn() - '0/0')::bigint", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private sealed record DepartmentLists(DepartmentCode Department, WrittenFiles Written, IReadOnlyList<(string Name, byte[] Content)> Files);

    /// <summary>Bytes that say how many of them have been sent.</summary>
    private sealed class WatchedContent(byte[] bytes, Action<int> sent) : HttpContent
    {
        private const int Piece = 4096;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var at = 0; at < bytes.Length; at += Piece)
            {
                var length = Math.Min(Piece, bytes.Length - at);
                await stream.WriteAsync(bytes.AsMemory(at, length));
                sent(length);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
