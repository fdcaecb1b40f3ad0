using System.CommandLine;
using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using NodaTime.Text;
using Spectre.Console;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa explain</c>: where a figure comes from, as text.</summary>
internal static class ExplainCommand
{
    private const int SuggestionsShown = 10;

    public static Command Build(Words words)
    {
        var year = new YearArguments(words);
        var addresses = new Argument<string[]>("address")
        {
            Description = words["ArgumentAddress"],
            HelpName = words["NameAddress"],
            Arity = ArgumentArity.OneOrMore,
        };
        var all = new Option<bool>("--all") { Description = words["OptionAllEvents"] };
        var command = new Command("explain", words["CommandExplain"]) { all, CommandLine.Consolidated, CommandLine.Json };
        year.AddTo(command);
        command.Arguments.Add(addresses);
        command.Run(words, async (session, cancellationToken) =>
        {
            await using var log = await session.OpenRegionAsync(year.Department(session), cancellationToken);
            var reported = await session.ReportAsync(log, year.Department(session), year.Year(session), AsOf.Now, cancellationToken);
            var figures = session.Parsed.GetRequiredValue(addresses).Select(a => Find(session, reported.Document, a)).ToList();
            if (session.IsJson)
            {
                session.WriteJson(figures.Select(f => Json(Prove(f, reported), words)));
                return ExitCodes.Done;
            }

            foreach (var figure in figures)
            {
                Write(session, figure, reported, session.Parsed.GetValue(all));
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Provenance Prove(Figure figure, ReportedYear reported) =>
        Provenance.Of(figure, reported.Books, ReportedYear.Pack(reported.Books.Current.Opened!));

    private static void Write(Session session, Figure figure, ReportedYear reported, bool everyPosting)
    {
        var provenance = Prove(figure, reported);
        WriteFigure(figure, reported, session.Words);

        // What was granted comes before what was done with it.
        foreach (var chain in provenance.Chains)
        {
            WriteSum(session, chain.Budget, everyPosting: true);
        }

        foreach (var operand in provenance.Operands)
        {
            WriteSum(session, operand.Sum, everyPosting);
        }

        if (provenance.Change is { } change)
        {
            ChangeTables.Write(session, change, reported.Books);
        }
    }

    private static Figure Find(Session session, DisclosureDocument document, string address)
    {
        if (document.AllFigures.FirstOrDefault(f => f.Address == address) is { } figure)
        {
            return figure;
        }

        var near = document.AllFigures.Select(f => f.Address)
            .Where(a => address.Split('/', StringSplitOptions.RemoveEmptyEntries).All(part => a.Contains(part, StringComparison.Ordinal)))
            .DefaultIfEmpty()
            .Concat(document.AllFigures.Select(f => f.Address).Where(a => a.StartsWith(address.Split('/')[0], StringComparison.Ordinal)))
            .OfType<string>()
            .Distinct()
            .Take(SuggestionsShown);
        throw CommandFailedException.Refused(session.Words["AddressUnknown", address, string.Join('\n', near.Select(a => "  " + a))]);
    }

    private static void WriteFigure(Figure figure, ReportedYear reported, Words words)
    {
        Session.WriteLine(words["ExplainTitle", reported.Consolidation is null ? reported.Department.Name : words["ConsolidatedName", reported.Department.Name], reported.Year, figure.Address]);
        Session.WriteLine(words["ExplainName", figure.Name]);
        Session.WriteLine(words["ExplainPrinted", figure.Printed ?? words["Blank"], figure.Unit]);
        Session.WriteLine(words["ExplainExact", Yuan.Exact(figure, words)]);
        Session.WriteLine(words["ExplainRounding", figure.Rounding]);
    }

    /// <summary>The events in order with running totals; in a consolidated document by unit.</summary>
    private static void WriteSum(Session session, ExplainedSum sum, bool everyPosting)
    {
        var (words, isMoney) = (session.Words, sum.IsMoney);
        Session.WriteLine();
        Session.WriteLine(words["ExplainSum", sum.Name, Amount(sum.Total, isMoney), sum.Events.Count]);
        if (sum.Events.Count == 0)
        {
            Session.WriteLine("  " + words["ExplainNothing"]);
            return;
        }

        if (sum.Units.Count == 0)
        {
            WriteEventsOrMonths(session, sum.Events, isMoney, everyPosting);
            return;
        }

        WriteUnits(session, sum, isMoney);
        foreach (var unit in sum.Units.Where(u => u.Events.Count > 0))
        {
            Session.WriteLine(words["ExplainUnit", unit.Unit.Code, unit.Unit.Name, Amount(unit.Amount, isMoney), unit.Events.Count]);
            WriteEventsOrMonths(session, unit.Events, isMoney, everyPosting);
        }
    }

    /// <summary>A line for each unit, below it a line for each transfer that is eliminated, and the sum of all.</summary>
    private static void WriteUnits(Session session, ExplainedSum sum, bool isMoney)
    {
        var words = session.Words;
        var table = new Table().Border(TableBorder.Simple).AddColumns(words["ColumnUnitCode"], words["ColumnUnitName"]);
        foreach (var column in new[] { isMoney ? "ColumnAmount" : "ColumnCount", "ColumnEliminated", "ColumnTotal" })
        {
            table.AddColumn(new TableColumn(words[column]).RightAligned());
        }

        foreach (var unit in sum.Units)
        {
            Row(unit.Unit.Code.ToString(), unit.Unit.Name, Amount(unit.Amount, isMoney), Amount(unit.Total - unit.Amount, isMoney), Amount(unit.Total, isMoney));
            foreach (var elimination in unit.Eliminations)
            {
                var (from, to) = (elimination.Transfer.SpendingKind().Term(), elimination.Transfer.IncomeSource().Term());
                Row("", words["ExplainElimination", elimination.With.Name, from, to], "", Amount(elimination.Amount, isMoney), "");
            }
        }

        var amount = sum.Units.Aggregate((Int128)0, (total, u) => total + u.Amount);
        Row("", words["ExplainUnitsTotal"], Amount(amount, isMoney), Amount(sum.Total - amount, isMoney), Amount(sum.Total, isMoney));
        session.Terminal.Write(table);

        void Row(params string[] cells) => table.AddRow(cells.Select(c => new Text(c)));
    }

    /// <summary>
    /// Postings are one line a month unless every one is asked for; what decides (budget, supplements, balances) is always
    /// there one by one.
    /// </summary>
    private static void WriteEventsOrMonths(Session session, ExplainedEvents events, bool isMoney, bool everyPosting)
    {
        var single = events.Where(e => everyPosting || !IsVoucher(e)).ToList();
        if (single.Count > 0)
        {
            WriteEvents(session, single, isMoney, runningTotals: single.Count == events.Count);
        }

        if (events.Any(IsVoucher))
        {
            WriteMonths(session, ExplainedMonth.Of(events.Where(IsVoucher)), isMoney);
        }
    }

    private static void WriteEvents(Session session, IReadOnlyList<ExplainedEvent> events, bool isMoney, bool runningTotals)
    {
        var words = session.Words;
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn(new TableColumn(words["ColumnPosition"]).RightAligned())
            .AddColumns(words["ColumnDate"], words["ColumnEvent"], words["ColumnNumber"])
            .AddColumn(new TableColumn(words[isMoney ? "ColumnAmount" : "ColumnCount"]).RightAligned());
        if (runningTotals)
        {
            table.AddColumn(new TableColumn(words["ColumnRunningTotal"]).RightAligned());
        }

        table.AddColumn(words["ColumnText"]);
        foreach (var (recorded, amount, runningTotal, _, _) in events)
        {
            var @event = EventWords.Of(recorded.Event, words);
            string[] cells =
            [
                recorded.Position.ToString(CultureInfo.InvariantCulture),
                LocalDatePattern.Iso.Format(recorded.Event.Date),
                @event.Kind,
                @event.Number,
                Amount(amount, isMoney),
                .. runningTotals ? new[] { Amount(runningTotal, isMoney) } : [],
                @event.Text,
            ];
            table.AddRow(cells.Select(c => new Text(c)));
        }

        session.Terminal.Write(table);
    }

    private static void WriteMonths(Session session, IReadOnlyList<ExplainedMonth> months, bool isMoney)
    {
        var words = session.Words;
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn(words["ColumnMonth"])
            .AddColumn(new TableColumn(words["ColumnVouchers"]).RightAligned())
            .AddColumn(new TableColumn(words[isMoney ? "ColumnAmount" : "ColumnCount"]).RightAligned())
            .AddColumn(new TableColumn(words["ColumnRunningTotal"]).RightAligned());
        foreach (var month in months)
        {
            table.AddRow(
                new Text(YearMonthPattern.Iso.Format(month.Month)),
                new Text(month.Events.ToString(CultureInfo.InvariantCulture)),
                new Text(Amount(month.Amount, isMoney)),
                new Text(Amount(month.RunningTotal, isMoney)));
        }

        session.Terminal.Write(table);
    }

    private static object Json(Provenance provenance, Words words) => new
    {
        provenance.Figure.Address,
        provenance.Figure.Name,
        provenance.Figure.Unit,
        provenance.Figure.Printed,
        Numerator = provenance.Figure.Exact.Numerator.ToString(CultureInfo.InvariantCulture),
        Denominator = provenance.Figure.Exact.Denominator.ToString(CultureInfo.InvariantCulture),
        provenance.Figure.Rounding,
        Sums = provenance.Operands.Select(o => Json(o.Sum, words)),
        Background = provenance.Chains.Select(c => Json(c.Budget, words)),
        Change = provenance.Change is { } change ? ChangeTables.Json(change) : null,
    };

    private static object Json(ExplainedSum sum, Words words) => new
    {
        sum.Name,
        Unit = sum.IsMoney ? "fen" : "1",
        Total = (long)sum.Total,
        Events = Json(sum.Events, words),
        Units = sum.Units.Count == 0 ? null : sum.Units.Select(u => new
        {
            Code = u.Unit.Code.ToString(),
            u.Unit.Name,
            Amount = (long)u.Amount,
            Eliminations = u.Eliminations.Select(e => new
            {
                With = e.With.Code.ToString(),
                Spending = e.Transfer.SpendingKind().Term(),
                Income = e.Transfer.IncomeSource().Term(),
                Amount = (long)e.Amount,
            }),
            Total = (long)u.Total,
            Events = Json(u.Events, words),
        }),
    };

    private static IEnumerable<object> Json(IEnumerable<ExplainedEvent> events, Words words) => events.Select(e => new
    {
        e.Recorded.Position,
        Date = LocalDatePattern.Iso.Format(e.Recorded.Event.Date),
        Type = EventCodec.TypeOf(e.Recorded.Event).Alias,
        EventWords.Of(e.Recorded.Event, words).Number,
        e.Recorded.Actor,
        Amount = (long)e.Amount,
        RunningTotal = (long)e.RunningTotal,
    });

    private static bool IsVoucher(ExplainedEvent e) =>
        e.Recorded.Event is Ledger.Execution.ExpenditurePosted or Ledger.Execution.ExpenditureReversed or Ledger.Execution.IncomeReceived;

    private static string Amount(Int128 amount, bool isMoney) =>
        isMoney ? Yuan.Of(amount) : amount.ToString("N0", CultureInfo.InvariantCulture);
}
