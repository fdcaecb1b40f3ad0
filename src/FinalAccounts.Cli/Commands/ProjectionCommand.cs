using System.CommandLine;
using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Projections;
using FinalAccounts.Regions;
using Spectre.Console;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa projection</c>: the tables that overviews and roll-ups are read from, of all regions when none is named.</summary>
internal static class ProjectionCommand
{
    public static Command Build(Words words)
    {
        var status = new Command("status", words["CommandProjectionStatus"]) { CommandLine.Region, CommandLine.Json };
        status.Run(words, (session, cancellationToken) => ForEachRegionAsync(session, (_, _) => Task.CompletedTask, cancellationToken));

        var update = new Command("update", words["CommandProjectionUpdate"]) { CommandLine.Region, CommandLine.Json };
        update.Run(words, (session, cancellationToken) => ForEachRegionAsync(
            session, (log, progress) => Projector(session, log, progress).CatchUpAsync(cancellationToken), cancellationToken));

        var rebuild = new Command("rebuild", words["CommandProjectionRebuild"]) { CommandLine.Region, CommandLine.Json };
        rebuild.Run(words, (session, cancellationToken) => ForEachRegionAsync(
            session, (log, progress) => Projector(session, log, progress).RebuildAsync(cancellationToken), cancellationToken));

        return new Command("projection", words["CommandProjection"]) { status, update, rebuild };
    }

    /// <summary>Does a step for each region, and says where its tables stand then.</summary>
    private static async Task<int> ForEachRegionAsync(
        Session session, Func<RegionLog, IProgress<BuildProgress>?, Task> step, CancellationToken cancellationToken)
    {
        await using var database = await Database.OpenAsync(session.DataDirectory, cancellationToken);
        List<(RegionCode Region, ProjectionStatus Status)> found = [];
        foreach (var region in await RegionLog.RegionsAsync(database, session.NamedRegion, cancellationToken))
        {
            await using var log = await RegionLog.OpenAsync(database, region, session.Clock, cancellationToken);
            await WithProgressAsync(session, progress => step(log, progress));
            found.Add((region, await new ProjectionReader(database.For(region).Application, region).ReadStatusAsync(log.Events, cancellationToken)));
        }

        if (session.IsJson)
        {
            session.WriteJson(found.Select(f => Json(f.Region, f.Status)));
        }
        else
        {
            found.ForEach(f => Write(f.Region, f.Status, session.Words));
        }

        return found.Exists(f => f.Status.Live?.State == GenerationState.Stopped) ? ExitCodes.Refused : ExitCodes.Done;
    }

    private static Projector Projector(Session session, RegionLog log, IProgress<BuildProgress>? progress) => new(new(
        () => log.Database.For(log.Region).Application, log.Events, log.Region, session.Clock, e => session.Log.Warning(e, "Projecting {Region}", log.Region), progress));

    private static async Task WithProgressAsync(Session session, Func<IProgress<BuildProgress>?, Task> step)
    {
        if (session.IsJson || Console.IsOutputRedirected || !session.Terminal.Profile.Capabilities.Interactive)
        {
            await step(null);
            return;
        }

        await session.Terminal.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => step(new Bar(context.AddTask(Markup.Escape(session.Words["ProjectionStep"])))));
    }

    private static void Write(RegionCode region, ProjectionStatus status, Words words)
    {
        if (status.Live is not { } live)
        {
            Session.WriteLine(words["ProjectionNone", region, status.Head.Position]);
            return;
        }

        Session.WriteLine(status.EventsBehind == 0
            ? words["ProjectionCurrent", region, live.Position]
            : words["ProjectionBehind", region, live.Position, status.EventsBehind, status.TimeBehind.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)]);
        foreach (var stopped in status.Beside.Prepend(live).Where(g => g.State == GenerationState.Stopped))
        {
            Session.WriteLine(words["ProjectionStopped", stopped.Number, stopped.ErrorPosition ?? stopped.Position + 1, stopped.Error ?? ""]);
        }

        foreach (var building in status.Beside.Where(g => g.State == GenerationState.Building))
        {
            Session.WriteLine(words["ProjectionBuilding", building.Number, building.Position]);
        }
    }

    private static object Json(RegionCode region, ProjectionStatus status) => new
    {
        Region = region.ToString(),
        Head = status.Head.Position,
        status.Position,
        status.EventsBehind,
        MillisecondsBehind = (long)status.TimeBehind.TotalMilliseconds,
        Generations = status.Beside.Append(status.Live).OfType<Generation>().OrderBy(g => g.Number)
            .Select(g => new { g.Number, g.IsLive, State = g.State.ToString(), g.Position, g.Error, g.ErrorPosition }),
    };

    private sealed class Bar(ProgressTask task) : IProgress<BuildProgress>
    {
        public void Report(BuildProgress value) => (task.MaxValue, task.Value) = (value.InAll, value.Events);
    }
}
