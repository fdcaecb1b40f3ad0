using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FinalAccounts.CritterStack.Announcing;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Server.Access;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Wolverine.Persistence.Durability;
using Wolverine.Tracking;

namespace FinalAccounts.CritterStackTests.Hosting;

/// <summary>What goes out with what is recorded: stored with it, tried again, kept when it can't be delivered.</summary>
[Collection(LogServerCollection.Name)]
public sealed class AnnouncementTest(LogServer server)
{
    private const int Patience = 60_000;

    [Fact]
    public async Task A_close_is_announced_and_each_figure_that_a_posting_changes()
    {
        var told = new ConcurrentQueue<object>();
        await using var host = await StartAsync(told.Enqueue);
        var department = await host.NewDepartmentAsync();
        await department.OpenAsync();
        await department.RecordAsync("commands/receive-income", Books.Income("收-1", 300_000));

        var posted = await TrackAsync(host, () => department.RecordAsync("commands/post-expenditure", Books.Expenditure("支-1", 300_000)));
        var closed = await TrackAsync(host, () => department.RecordAsync("close", """{"date":"2025-01-31"}""", Role.Head));

        var change = posted.Executed.MessagesOf<FigureChanged>().Single(f => f.Address == "公开01/57/金额");
        (change.Before, change.After, change.Fen).ShouldBe((null, "0.30", 300_000), "a zero is a blank cell");
        var announced = closed.Executed.SingleMessage<YearClosed>();
        (announced.Department, announced.Year, announced.Date).ShouldBe((department.Code.ToString(), 2024, "2025-01-31"));
        told.ShouldContain(change);
        told.ShouldContain(announced);
    }

    [Fact]
    public async Task A_publication_is_announced_once_and_that_of_a_refused_one_not()
    {
        var told = new ConcurrentQueue<object>();
        await using var host = await StartAsync(told.Enqueue);
        var department = await host.NewSampleAsync();
        await TrackAsync(host, () => department.RefuseAsync("publish", """{"date":"2025-08-01"}""", 422, Role.Bureau));
        await TrackAsync(host, () => department.RecordAsync("close", """{"date":"2025-01-31"}""", Role.Head));
        told.OfType<DisclosurePublished>().ShouldBeEmpty();

        JsonNode said = null!;
        var published = await TrackAsync(host, async () => said = await department.RecordAsync("publish", """{"date":"2025-08-01"}""", Role.Bureau, ("Idempotency-Key", "p")));
        await TrackAsync(host, () => department.RecordAsync("publish", """{"date":"2025-08-01"}""", Role.Bureau, ("Idempotency-Key", "p")));

        var announced = published.Executed.SingleMessage<DisclosurePublished>();
        announced.ShouldBe(new(
            host.Region.ToString(), department.Code.ToString(), 2024, announced.CommandId, "2025-08-01",
            said["events"]![0]!["body"]!["documentSha256"]!.GetValue<string>()));
        told.OfType<DisclosurePublished>().ShouldBe([announced]);
    }

    [Fact]
    public async Task Nothing_is_announced_of_what_is_refused()
    {
        await using var host = await StartAsync(_ => { });
        var department = await host.NewDepartmentAsync();
        await department.OpenAsync();
        await department.RecordAsync("commands/receive-income", Books.Income("收-1", 1_000));

        var refused = await host.Alba.TrackActivity().Timeout(TimeSpan.FromMilliseconds(Patience)).DoNotAssertOnExceptionsDetected().ExecuteAndWaitAsync(
            (Func<Wolverine.IMessageContext, Task>)(_ => department.RefuseAsync("close", """{"date":"2025-01-31"}""", 422, Role.Head)));

        refused.Sent.MessagesOf<YearClosed>().ShouldBeEmpty();
        refused.Sent.MessagesOf<YearRecorded>().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_fails_is_tried_again_and_then_kept_with_the_dead_letters()
    {
        var tries = 0;
        await using var host = await StartAsync(message =>
        {
            if (message is YearClosed)
            {
                Interlocked.Increment(ref tries);
                throw new InvalidOperationException("nobody listens");
            }
        });
        var department = await host.NewDepartmentAsync();
        await department.OpenAsync();

        var closed = await TrackAsync(host, () => department.RecordAsync("close", """{"date":"2025-01-31"}""", Role.Head));

        closed.MovedToErrorQueue.SingleMessage<YearClosed>().Department.ShouldBe(department.Code.ToString());
        tries.ShouldBe(4);
        var letters = await host.App.Services.GetRequiredService<IMessageStore>().DeadLetters.QueryAsync(new(), CancellationToken.None);
        letters.Envelopes.ShouldHaveSingleItem().ExceptionMessage.ShouldBe("nobody listens");
    }

    [Fact]
    public async Task A_publication_that_was_not_delivered_is_delivered_after_a_restart()
    {
        var region = await server.NewMartenRegionAsync();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var host = await WolverineHost.StartAsync(server, region, b => b.Services.AddSingleton(HeldUp<DisclosurePublished>(reached))))
        {
            var department = await host.NewSampleAsync();
            await department.RecordAsync("close", """{"date":"2025-01-31"}""", Role.Head);
            await department.RecordAsync("publish", """{"date":"2025-08-01"}""", Role.Bureau);
            await reached.Task.WaitAsync(TimeSpan.FromMilliseconds(Patience));
        }

        var told = new TaskCompletionSource<DisclosurePublished>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var again = await WolverineHost.StartAsync(server, region, b => b.Services.AddSingleton(TellingTo(told)));

        (await told.Task.WaitAsync(TimeSpan.FromMilliseconds(Patience))).Date.ShouldBe("2025-08-01");
    }

    [Fact]
    public async Task What_was_not_delivered_is_delivered_after_a_restart()
    {
        var region = await server.NewMartenRegionAsync();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var host = await WolverineHost.StartAsync(server, region, b => b.Services.AddSingleton(HeldUp<YearClosed>(reached))))
        {
            var department = await host.NewDepartmentAsync();
            await department.OpenAsync();
            await department.RecordAsync("close", """{"date":"2025-01-31"}""", Role.Head);
            await reached.Task.WaitAsync(TimeSpan.FromMilliseconds(Patience));
        }

        var told = new TaskCompletionSource<YearClosed>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var again = await WolverineHost.StartAsync(server, region, b => b.Services.AddSingleton(TellingTo(told)));

        (await told.Task.WaitAsync(TimeSpan.FromMilliseconds(Patience))).Date.ShouldBe("2025-01-31");
    }

    /// <summary>Never comes to an end with messages of the type.</summary>
    private static Announcer HeldUp<T>(TaskCompletionSource reached) => async (message, cancellationToken) =>
    {
        if (message is T)
        {
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    };

    private static Announcer TellingTo<T>(TaskCompletionSource<T> told) => (message, _) =>
    {
        if (message is T wanted)
        {
            told.TrySetResult(wanted);
        }

        return Task.CompletedTask;
    };

    private async Task<ApiHost> StartAsync(Action<object> tell) =>
        await WolverineHost.StartAsync(server, await server.NewMartenRegionAsync(), b => b.Services.AddSingleton<Announcer>((message, _) =>
        {
            tell(message);
            return Task.CompletedTask;
        }));

    private static Task<ITrackedSession> TrackAsync(ApiHost host, Func<Task> act) =>
        host.Alba.TrackActivity().Timeout(TimeSpan.FromMilliseconds(Patience)).DoNotAssertOnExceptionsDetected()
            .ExecuteAndWaitAsync((Func<Wolverine.IMessageContext, Task>)(_ => act()));
}
