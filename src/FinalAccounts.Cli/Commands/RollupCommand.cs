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

/// <summary><c>fa rollup</c>: what all departments of a region come to.</summary>
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
            CommandLine.Region, CommandLine.Json,
        };
        command.Run(words, async (session, cancellationToken) =>
        {
            var asked = options.Read(session);
            await using var log = await session.OpenRegionAsync(null, cancellationToken);
            await using var reader = await OpenAsync(session, log, cancellationToken);
            if (asked.Year is not { } year)
            {
                WriteYears(session, reader.Standing, await reader.YearsAsync(cancellationToken));
            }
            else if (asked.Movers is { } aspect)
            {
                WriteMovers(session, reader.Standing, await reader.MoversAsync(year, aspect, asked.Limit, cancellationToken));
            }
            else if (asked.By == ByDepartment)
            {
                WriteDepartments(session, reader.Standing, await reader.DepartmentsAsync(year, asked.Selection, cancellationToken), asked);
            }
            else if (asked.By == ByMonth)
            {
                WriteMonths(session, reader.Standing, await reader.ProgressAsync(year, asked.Selection, cancellationToken));
            }
            else
            {
                WriteTable(session, reader.Standing, await reader.TableAsync(year, Enum.Parse<RollupAspect>(asked.By, ignoreCase: true), asked.Selection, cancellationToken));
            }

            return ExitCodes.Done;
        });
        return command;
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

        return await new RegionRollups(Source(), log.Region).OpenAsync(cancellationToken);
    }

    private static void WriteYears(Session session, RollupStanding standing, IReadOnlyList<RollupYear> years) => Write(
        session, standing,
        years.Select(y => new { Year = y.Year.Value, Departments = y.Departments.Values.Sum(), Amounts = Json(y.Amounts, hasIncome: true) }),
        [session.Words["ColumnYear"], session.Words["ColumnDepartments"]], hasIncome: true,
        years.Select(y => (new[] { y.Year.ToString(), y.Departments.Values.Sum().ToString(CultureInfo.InvariantCulture) }, y.Amounts)));

    private static void WriteTable(Session session, RollupStanding standing, RollupTable table)
    {
        var words = session.Words;
        Write(
            session, standing,
            new
            {
                Rows = table.Rows.Select(r => new { r.Key, r.Name, r.Level, Amounts = Json(r.Amounts, table.HasIncome) }),
                Total = Json(table.Total, table.HasIncome),
            },
            [words["ColumnCode"], words["ColumnName"]], table.HasIncome,
            table.Rows.Select(r => (new[] { new string(' ', 2 * r.Level) + r.Key, r.Key.Length == 0 ? words["RollupUnassigned"] : r.Name == r.Key ? "" : r.Name ?? "" }, r.Amounts))
                .Append(([words["RollupTotal"], ""], table.Total)));
    }

    private static void WriteDepartments(Session session, RollupStanding standing, IReadOnlyList<RollupDepartment> departments, Asked asked)
    {
        var hasIncome = asked.Selection.HasIncome;
        Write(
            session, standing,
            departments.Take(asked.Limit).Select(d => new { Code = d.Code.ToString(), d.Name, Status = Lower(d.Status.ToString()), Amounts = Json(d.Amounts, hasIncome) }),
            [session.Words["ColumnCode"], session.Words["ColumnName"]], hasIncome,
            departments.Take(asked.Limit).Select(d => (new[] { d.Code.ToString(), d.Name }, d.Amounts))
                .Append(([session.Words["RollupTotal"], session.Words["RollupDepartments", departments.Count]], departments.Aggregate(default(RollupAmounts), (sum, d) => sum + d.Amounts))));
    }

    private static void WriteMonths(Session session, RollupStanding standing, RollupProgress progress)
    {
        var words = session.Words;
        if (session.IsJson)
        {
            WriteJson(session, standing, new
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
        WriteStanding(session, standing);
    }

    private static void WriteMovers(Session session, RollupStanding standing, IReadOnlyList<RollupMover> movers)
    {
        var words = session.Words;
        if (session.IsJson)
        {
            WriteJson(session, standing, movers.Select(m => new
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
        WriteStanding(session, standing);
    }

    private static void Write(
        Session session, RollupStanding standing, object json, string[] columns, bool hasIncome, IEnumerable<(string[] Texts, RollupAmounts Amounts)> rows)
    {
        var words = session.Words;
        if (session.IsJson)
        {
            WriteJson(session, standing, json);
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
        WriteStanding(session, standing);
    }

    private static void WriteJson(Session session, RollupStanding standing, object result) =>
        session.WriteJson(new { standing.Position, standing.Behind, standing.Error, Result = result });

    private static void WriteStanding(Session session, RollupStanding standing) =>
        Session.WriteLine(session.Words[standing.Behind == 0 ? "RollupUpToDate" : "RollupBehind", standing.Position, standing.Behind]);

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
    private sealed record Asked(FiscalYear? Year, string By, RollupMoverAspect? Movers, RollupSelection Selection, int Limit);

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

            return new(year is { } value ? new FiscalYear(value) : null, by, movers, Selection(session, by), limit);
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
