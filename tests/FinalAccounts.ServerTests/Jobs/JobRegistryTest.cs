using FinalAccounts.Ledger;
using FinalAccounts.Server.Jobs;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Shouldly;

namespace FinalAccounts.ServerTests.Jobs;

public sealed class JobRegistryTest
{
    private static readonly RegionCode Region = new("430900");

    [Fact]
    public async Task A_job_that_was_promised_before_a_restart_waits_however_many_others_there_are()
    {
        var jobs = new JobRegistry(SystemClock.Instance, new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), NullLogger<JobRegistry>.Instance);
        var go = new TaskCompletionSource<object>();
        for (var n = 0; n < JobRegistry.Unfinished; n++)
        {
            jobs.Start(Region, "张三", "import", (_, _) => go.Task);
        }

        Should.Throw<TooManyJobsException>(() => jobs.Start(Region, "张三", "import", (_, _) => go.Task));
        var promised = jobs.Start(Region, "张三", "import", (_, _) => go.Task, isPromised: true);
        go.SetResult("");
        JobState? last = null;
        await foreach (var job in jobs.FollowAsync(promised.Id, default))
        {
            last = job.State;
        }

        last.ShouldBe(JobState.Done);
    }
}
