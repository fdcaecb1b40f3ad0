using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Regions;
using FinalAccounts.Regions.Simulation;
using FinalAccounts.Reporting.Forms;
using Spectre.Console;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa simulate</c>: fills an empty region with books that are made up, for trying out and for measuring.</summary>
internal static class SimulateCommand
{
    /// <summary>Most years of a simulation.</summary>
    private const int YearsLimit = 10;

    public static Command Build(Words words)
    {
        var region = new Argument<string>("region") { Description = words["ArgumentRegion"], HelpName = words["NameRegion"] };
        var otherwise = SimulationDefaults.Load();
        var departments = new Option<int>("--departments")
        {
            Description = words["OptionDepartments", otherwise.Departments],
            DefaultValueFactory = _ => otherwise.Departments,
        };
        var years = new Option<string>("--years")
        {
            Description = words["OptionYears", otherwise.Years],
            HelpName = otherwise.Years,
            DefaultValueFactory = _ => otherwise.Years,
        };
        var postings = new Option<int>("--postings") { Description = words["OptionPostings", otherwise.Postings], DefaultValueFactory = _ => otherwise.Postings };
        var seed = new Option<ulong>("--seed") { Description = words["OptionSeed", otherwise.Seed], DefaultValueFactory = _ => otherwise.Seed };
        var form = new Option<string>("--form") { Description = words["OptionSimulatedForm", otherwise.Form], DefaultValueFactory = _ => otherwise.Form };
        var command = new Command("simulate", words["CommandSimulate"]) { region, departments, years, postings, seed, form, CommandLine.Json };
        command.Run(words, async (session, cancellationToken) =>
        {
            var named = session.Parsed.GetRequiredValue(region);
            if (!RegionCode.IsValid(named))
            {
                throw CommandFailedException.Usage(words["NotARegion", named]);
            }

            var simulation = Plan(
                session, session.Parsed.GetValue(departments), session.Parsed.GetRequiredValue(years), session.Parsed.GetValue(postings),
                session.Parsed.GetValue(seed), session.Parsed.GetRequiredValue(form));
            await using var database = await InitCommand.OpenDatabaseAsync(session, cancellationToken);
            await InitCommand.MigrateAsync(session, database, new(named), cancellationToken);
            await using var log = await RegionLog.OpenAsync(database, new(named), session.Clock, cancellationToken);
            var head = await WithProgressAsync(session, progress => simulation.AppendAsync(log.Events, progress, cancellationToken));
            Write(session, log.Region, simulation, head);
            return ExitCodes.Done;
        });
        return command;
    }

    /// <exception cref="CommandFailedException">A number is outside its limits, or the years are none.</exception>
    /// <exception cref="RegionException">There is no such form pack, or no chart of accounts of a year.</exception>
    private static Simulation Plan(Session session, int departments, string years, int postings, ulong seed, string form)
    {
        var words = session.Words;
        if (departments is < 1 or > Simulation.DepartmentsLimit)
        {
            throw CommandFailedException.Usage(words["NumberOutside", "--departments", departments, 1, Simulation.DepartmentsLimit]);
        }

        // The largest department has some twenty times the mean, or all of it.
        var mean = Math.Max(1, Simulation.PostingsLimit / Math.Min(departments, 25));
        if (postings < 0 || postings > mean)
        {
            throw CommandFailedException.Usage(words["NumberOutside", "--postings", postings, 0, mean]);
        }

        var (first, count) = Years(words, years);
        foreach (var year in Enumerable.Range(first.Value, count).Select(y => new FiscalYear(y)).Where(y => !ChartOfAccounts.TryFor(y, out _)))
        {
            throw new RegionException(RegionProblem.ChartMissing, year, string.Join(", ", ChartOfAccounts.Years));
        }

        var pack = FormPack.Load(form) ?? throw new RegionException(RegionProblem.FormPackMissing, form, string.Join(", ", FormPack.Names));
        return new(first, pack, SimulatedSizes.Of(departments, postings, seed), seed, count);
    }

    /// <summary>2024, or 2022-2024.</summary>
    private static (FiscalYear First, int Count) Years(Words words, string text)
    {
        var ends = text.Split('-').Select(t => int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var year) ? year : 0).ToList();
        var (first, last) = (ends[0], ends[^1]);
        return ends.Count <= 2 && first >= FiscalYear.First && last <= FiscalYear.Last && last >= first && last - first < YearsLimit
            ? (new(first), last - first + 1)
            : throw CommandFailedException.Usage(words["YearsWrong", text, YearsLimit]);
    }

    private static async Task<Seal> WithProgressAsync(Session session, Func<IProgress<SimulationProgress>?, Task<Seal>> simulate)
    {
        if (session.IsJson || Console.IsOutputRedirected || !session.Terminal.Profile.Capabilities.Interactive)
        {
            return await simulate(null);
        }

        return await session.Terminal.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => simulate(new Bar(context.AddTask(Markup.Escape(session.Words["SimulateStep"])), session.Words)));
    }

    private static void Write(Session session, RegionCode region, Simulation simulation, Seal head)
    {
        var (first, last) = (simulation.Years[0], simulation.Years[^1]);
        if (session.IsJson)
        {
            session.WriteJson(new
            {
                Region = region.ToString(),
                Departments = simulation.Departments.Count,
                First = first.Value,
                Last = last.Value,
                head.Position,
                head.Hash,
            });
            return;
        }

        Session.WriteLine(session.Words["SimulateDone", region, simulation.Departments.Count, first, last, head.Position, head.Hash]);
        Session.WriteLine(session.Words["SimulateNext", simulation.Departments[0], last, region]);
    }

    private sealed class Bar(ProgressTask task, Words words) : IProgress<SimulationProgress>
    {
        private readonly long since = Stopwatch.GetTimestamp();
        private long? from;

        public void Report(SimulationProgress value)
        {
            // What an earlier run has stored tells nothing about this one's rate.
            from ??= value.Postings;
            var rate = (value.Postings - from.Value) / Math.Max(Stopwatch.GetElapsedTime(since).TotalSeconds, 0.001);
            (task.MaxValue, task.Value) = (Math.Max(value.PostingsInAll, 1), value.Postings);
            task.Description = Markup.Escape(words["SimulateRate", value.Departments, value.DepartmentsInAll, rate.ToString("N0", CultureInfo.InvariantCulture)]);
        }
    }
}
