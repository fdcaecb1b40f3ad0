using System.CommandLine;
using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Projections;
using FinalAccounts.Projections.Rollups;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Rollups;
using Npgsql;
using Spectre.Console;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa rollup</c>: what all departments of a region, or of all regions, come to.</summary>
internal static class RollupCommand
{
    private const int DefaultLimit = 20;

    /// <summary>What <c>--by</c> takes beside the aspects of a table.</summary>
    private const string ByDepartment = "department";
    private const string ByMonth = "month";

    private static readonly string[] Ways = [.. Enum.GetNames<RollupAspect>().Select(Lower), ByDepartment, ByMonth];
    private static readonly string[] MoverWays = [.. Enum.GetNames<RollupMoverAspect>().Select(Lower)];

    public static Command Build(Words words)
    {
        var options = new Options(words);
        var command = new Command("rollup", words["CommandRollup"])
        {
            options.Year, options.By, options.Movers, options.Function, options.Economic, options.Fund, options.Kind, options.Limit,
            options.AllRegions, CommandLine.Region, CommandLine.Json,
        };
        command.Run(words, async (session, cancellationToken) =>
        {
            var asked = options.Read(session);
            if (asked.Year is not { } year)
            {
                var (years, standings) = await ReadAsync(session, asked, r => r.YearsAsync(cancellationToken), cancellationToken);
                WriteYears(session, standings, RollupYear.Sum(years));
            }
            else if (asked.Movers is { } aspect)
            {
                var (movers, standings) = await ReadAsync(session, asked, r => r.MoversAsync(year, aspect, asked.Limit, cancellationToken), cancellationToken);
                WriteMovers(session, standings, movers.Single());
            }
            else if (asked.By == ByDepartment)
            {
                var (departments, standings) = await ReadAsync(session, asked, r => r.DepartmentsAsync(year, asked.Selection, cancellationToken), cancellationToken);
                WriteDepartments(session, standings, departments.Single(), asked);
            }
            else if (asked.By == ByMonth)
            {
                var (months, standings) = await ReadAsync(session, asked, r => r.ProgressAsync(year, asked.Selection, cancellationToken), cancellationToken);
                WriteMonths(session, standings, RollupProgress.Sum(months));
            }
            else
            {
                var by = Enum.Parse<RollupAspect>(asked.By, ignoreCase: true);
                var (tables, standings) = await ReadAsync(session, asked, r => r.TableAsync(year, by, asked.Selection, cancellationToken), cancellationToken);
                WriteTable(session, standings, RollupTable.Sum(tables));
            }

            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Asks the region, or one region after the other: each lies where it lies, and what they say is added up here.</summary>
    private static async Task<(IReadOnlyList<T> Said, Standings Standings)> ReadAsync<T>(
        Session session, Asked asked, Func<RollupReader, Task<T>> ask, CancellationToken cancellationToken)
    {
        List<T> said = [];
        List<(RegionCode, RollupStanding)> standings = [];
        if (!asked.AllRegions)
        {
            await using var log = await session.OpenRegionAsync(null, cancellationToken);
            await TakeAsync(log);
            return (said, new(standings, IsAll: false));
        }

        await using var database = await Database.OpenAsync(session.DataDirectory, cancellationToken);
        foreach (var region in await RegionLog.RegionsAsync(database, null, cancellationToken))
        {
            await using var log = await RegionLog.OpenAsync(database, region, session.Clock, cancellationToken);
            await TakeAsync(log);
        }

        return (said, new(standings, IsAll: true));

        async Task TakeAsync(RegionLog log)
        {
            await using var reader = await OpenAsync(session, log, cancellationToken);
            said.Add(await ask(reader));
            standings.Add((log.Region, reader.Standing));
        }
    }

    /// <summary>Reads the tables, as soon as they have what the log had when it was asked: no server need run.</summary>
    private static async Task<RollupReader> OpenAsync(Session session, RegionLog log, CancellationToken cancellationToken)
    {
        NpgsqlDataSource Source() => log.Database.For(log.Region).Application;
        try
        {
            await new Projector(new(Source, log.Events, log.Region, session.Clock)).CatchUpAsync(cancellationToken);
        }
        catch (ProjectionStoppedException)
        {
            // What there is is shown, with how far it is behind; `fa projection` says why.
        }

        return await new RegionRollups(Source(), log.Events, log.Region).OpenAsync(cancellationToken);
    }

    private static void WriteYears(Session session, Standings standings, IReadOnlyList<RollupYear> years) => Write(
        session, standings,
        years.Select(y => new { Year = y.Year.Value, Departments = y.Departments.Values.Sum(), Amounts = Json(y.Amounts, hasIncome: true) }),
        [session.Words["ColumnYear"], session.Words["ColumnDepartments"]], hasIncome: true,
        years.Select(y => (new[] { y.Year.ToString(), y.Departments.Values.Sum().ToString(CultureInfo.InvariantCulture) }, y.Amounts)));

    private static void WriteTable(Session session, Standings standings, RollupTable table)
    {
        var words = session.Words;
        Write(
            session, standings,
            new
            {
                Rows = table.Rows.Select(r => new { r.Key, r.Name, r.Level, Amounts = Json(r.Amounts, table.HasIncome) }),
                Total = Json(table.Total, table.HasIncome),
            },
            [words["ColumnCode"], words["ColumnName"]], table.HasIncome,
            table.Rows.Select(r => (new[] { new string(' ', 2 * r.Level) + r.Key, r.Key.Length == 0 ? words["RollupUnassigned"] : r.Name == r.Key ? "" : r.Name ?? "" }, r.Amounts))
                .Append(([words["RollupTotal"], ""], table.Total)));
    }

    private static void WriteDepartments(Session session, Standings standings, IReadOnlyList<RollupDepartment> departments, Asked asked)
    {
        var hasIncome = asked.Selection.HasIncome;
        Write(
            session, standings,
            departments.Take(asked.Limit).Select(d => new { Code = d.Code.ToString(), d.Name, Status = Lower(d.Status.ToString()), Amounts = Json(d.Amounts, hasIncome) }),
            [session.Words["ColumnCode"], session.Words["ColumnName"]], hasIncome,
            departments.Take(asked.Limit).Select(d => (new[] { d.Code.ToString(), d.Name }, d.Amounts))
                .Append(([session.Words["RollupTotal"], session.Words["RollupDepartments", departments.Count]], departments.Aggregate(default(RollupAmounts), (sum, d) => sum + d.Amounts))));
    }

    private static void WriteMonths(Session session, Standings standings, RollupProgress progress)
    {
        var words = session.Words;
        if (session.IsJson)
        {
            WriteJson(session, standings, new
            {
                BudgetFen = progress.Budget,
                Months = progress.Months.Select(m => new { m.Month, ExpenditureFen = m.Amounts.Expenditure, CumulativeFen = m.Expenditure, ProgressBasisPoints = BasisPoints(m.Progress) }),
            });
            return;
        }

        var table = Columns(words["ColumnMonth"]).AddColumns([.. new[] { words["RollupSpent"], words["RollupCumulative"], words["RollupProgress"] }.Select(Right)]);
        foreach (var month in progress.Months)
        {
            table.AddRow(new[] { month.Month.ToString(CultureInfo.InvariantCulture), Yuan.Of(month.Amounts.Expenditure), Yuan.Of(month.Expenditure), Percent(month.Progress) }
                .Select(t => new Text(t)));
        }

        session.Terminal.Write(table);
        WriteStanding(session, standings);
    }

    private static void WriteMovers(Session session, Standings standings, IReadOnlyList<RollupMover> movers)
    {
        var words = session.Words;
        if (session.IsJson)
        {
            WriteJson(session, standings, movers.Select(m => new
            {
                m.Key,
                m.Name,
                ValueFen = m.Value,
                ComparableFen = m.Comparable,
                PriorFen = m.Prior,
                DifferenceFen = m.Difference,
                RateBasisPoints = BasisPoints(m.Rate),
            }));
            return;
        }

        var table = Columns(words["ColumnCode"], words["ColumnName"])
            .AddColumns([.. new[] { words["RollupPrior"], words["RollupComparable"], words["RollupDifference"], words["RollupMoverRate"], words["RollupNotComparable"] }.Select(Right)]);
        foreach (var m in movers)
        {
            table.AddRow(new[]
            {
                m.Key, m.Name ?? "", m.Prior is { } prior ? Yuan.Of(prior) : words["RollupUnknown"], m.Prior is null ? "—" : Yuan.Of(m.Comparable),
                m.Difference is { } difference ? Yuan.Of(difference) : "—", Percent(m.Rate), m.Unknown == 0 ? "" : Yuan.Of(m.Unknown),
            }.Select(t => new Text(t)));
        }

        session.Terminal.Write(table);
        WriteStanding(session, standings);
    }

    private static void Write(
        Session session, Standings standings, object json, string[] columns, bool hasIncome, IEnumerable<(string[] Texts, RollupAmounts Amounts)> rows)
    {
        var words = session.Words;
        if (session.IsJson)
        {
            WriteJson(session, standings, json);
            return;
        }

        string[] amounts = [words["RollupInitial"], words["RollupAdjustment"], words["RollupBudget"], .. hasIncome ? new[] { words["RollupIncome"] } : [], words["RollupExpenditure"], words["RollupRate"]];
        var table = Columns(columns).AddColumns([.. amounts.Select(Right)]);
        foreach (var (texts, row) in rows)
        {
            table.AddRow(((string[])
            [
                .. texts, Yuan.Of(row.Initial), Yuan.Of(row.Adjustment), Yuan.Of(row.Budget), .. hasIncome ? new[] { Yuan.Of(row.Income) } : [],
                Yuan.Of(row.Expenditure), Percent(row.Rate),
            ]).Select(t => new Text(t)));
        }

        session.Terminal.Write(table);
        WriteStanding(session, standings);
    }

    private static void WriteJson(Session session, Standings standings, object result)
    {
        if (standings.IsAll)
        {
            session.WriteJson(new
            {
                Regions = standings.Regions.Select(r => new { Region = r.Region.ToString(), r.Standing.Position, r.Standing.Behind, r.Standing.Error }),
                Result = result,
            });
            return;
        }

        var standing = standings.Regions.Single().Standing;
        session.WriteJson(new { standing.Position, standing.Behind, standing.Error, Result = result });
    }

    private static void WriteStanding(Session session, Standings standings)
    {
        foreach (var (region, standing) in standings.Regions)
        {
            var text = session.Words[standing.Behind == 0 ? "RollupUpToDate" : "RollupBehind", standing.Position, standing.Behind];
            Session.WriteLine(standings.IsAll ? session.Words["RollupRegion", region, text] : text);
        }
    }

    private static object Json(RollupAmounts amounts, bool hasIncome) => new
    {
        InitialBudgetFen = amounts.Initial,
        AdjustmentFen = amounts.Adjustment,
        BudgetFen = amounts.Budget,
        IncomeFen = hasIncome ? amounts.Income : (Int128?)null,
        ExpenditureFen = amounts.Expenditure,
        RateBasisPoints = BasisPoints(amounts.Rate),
    };

    private static Table Columns(params string[] names) => new Table().Border(TableBorder.Simple).AddColumns(names);

    private static TableColumn Right(string name) => new TableColumn(name).RightAligned();

    private static string Percent(Ratio? share) => share is { } s ? $"{NumberFormat.UpToTwo.Print(new(s.Numerator * 100, s.Denominator))}%" : "—";

    // A share in hundredths of a percent has four decimals.
    private static Int128? BasisPoints(Ratio? share) => share?.Round(4);

    private static string Lower(string name) => name.ToLowerInvariant();

    /// <summary>What the command line asks for.</summary>
    private sealed record Asked(FiscalYear? Year, string By, RollupMoverAspect? Movers, RollupSelection Selection, int Limit, bool AllRegions);

    /// <summary>How far what was read has come.</summary>
    /// <param name="IsAll">True when all regions were asked for, however many there are.</param>
    private sealed record Standings(IReadOnlyList<(RegionCode Region, RollupStanding Standing)> Regions, bool IsAll);

    private sealed class Options(Words words)
    {
        public Argument<int?> Year { get; } = new("year") { Description = words["ArgumentRollupYear"], HelpName = words["NameYear"], Arity = ArgumentArity.ZeroOrOne };

        public Option<string> By { get; } = new("--by") { Description = words["OptionRollupBy"], HelpName = string.Join('|', Ways), DefaultValueFactory = _ => Ways[0] };

        public Option<string?> Movers { get; } = new("--movers") { Description = words["OptionRollupMovers"], HelpName = string.Join('|', MoverWays) };

        public Option<string?> Function { get; } = new("--function") { Description = words["OptionRollupFunction"], HelpName = words["ColumnCode"] };

        public Option<string?> Economic { get; } = new("--economic") { Description = words["OptionRollupEconomic"], HelpName = words["ColumnCode"] };

        public Option<string?> Fund { get; } = new("--fund") { Description = words["OptionRollupFund"], HelpName = string.Join('|', Terms.All<Fund>()) };

        public Option<string?> Kind { get; } = new("--kind") { Description = words["OptionRollupKind"], HelpName = string.Join('|', Terms.All<SpendingKind>()) };

        public Option<int> Limit { get; } = new("--limit") { Description = words["OptionRollupLimit", DefaultLimit], HelpName = "N", DefaultValueFactory = _ => DefaultLimit };

        public Option<bool> AllRegions { get; } = new("--all-regions") { Description = words["OptionRollupAllRegions"] };

        /// <exception cref="CommandFailedException">A value is none, or values exclude each other.</exception>
        public Asked Read(Session session)
        {
            var parsed = session.Parsed;
            var year = parsed.GetValue(Year);
            if (year is < FiscalYear.First or > FiscalYear.Last)
            {
                throw CommandFailedException.Usage(session.Words["YearOutside", year, FiscalYear.First, FiscalYear.Last]);
            }

            var by = OneOf(session, By.Name, parsed.GetValue(By)!, Ways);
            var movers = parsed.GetValue(Movers) is { } way ? Enum.Parse<RollupMoverAspect>(OneOf(session, Movers.Name, way, MoverWays), ignoreCase: true) : (RollupMoverAspect?)null;
            var limit = parsed.GetValue(Limit);
            if (limit is < 1 or > RollupMovers.Most)
            {
                throw CommandFailedException.Usage(session.Words["OptionWrong", Limit.Name]);
            }

            var all = parsed.GetValue(AllRegions);
            if (all && (movers is not null || by == ByDepartment || parsed.GetValue(CommandLine.Region) is not null))
            {
                throw CommandFailedException.Usage(session.Words["RollupAllRegions"]);
            }

            return new(year is { } value ? new FiscalYear(value) : null, by, movers, Selection(session, by), limit, all);
        }

        private RollupSelection Selection(Session session, string by)
        {
            var parsed = session.Parsed;
            try
            {
                var selection = RollupSelection.Parse(parsed.GetValue(Function), parsed.GetValue(Economic), parsed.GetValue(Fund), parsed.GetValue(Kind));
                var aspect = Enum.TryParse<RollupAspect>(by, ignoreCase: true, out var known) ? known : (RollupAspect?)null;
                return by == ByDepartment || selection.Fits(aspect) ? selection : throw CommandFailedException.Usage(session.Words["RollupCrossed"]);
            }
            catch (FormatException e)
            {
                throw CommandFailedException.Usage(session.Words["ValueWrong", e.Message]);
            }
        }

        private static string OneOf(Session session, string name, string value, string[] values) =>
            values.Contains(value, StringComparer.Ordinal) ? value : throw CommandFailedException.Usage(session.Words["OptionWrong", name]);
    }
}
