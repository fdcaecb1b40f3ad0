using System.CommandLine;
using System.Globalization;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using NodaTime;
using NodaTime.Text;
using Spectre.Console;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa log</c>: lists events in the order of their recording.</summary>
internal static class LogCommand
{
    private const int DefaultLimit = 200;

    public static Command Build(Words words)
    {
        var department = new Argument<string?>("department") { Description = words["ArgumentDepartmentOrAll"], HelpName = words["NameDepartment"], Arity = ArgumentArity.ZeroOrOne };
        var year = new Argument<int?>("year") { Description = words["ArgumentYear"], HelpName = words["NameYear"], Arity = ArgumentArity.ZeroOrOne };
        var after = new Option<long>("--after") { Description = words["OptionAfter"], HelpName = "N" };
        var limit = new Option<int>("--limit") { Description = words["OptionLimit", DefaultLimit], HelpName = "N", DefaultValueFactory = _ => DefaultLimit };
        var command = new Command("log", words["CommandLog"]) { department, year, after, limit, CommandLine.Region, CommandLine.Json };
        command.Run(words, async (session, cancellationToken) =>
        {
            var most = session.Parsed.GetValue(limit);
            if (most < 1)
            {
                throw CommandFailedException.Usage(words["OptionWrong", limit.Name]);
            }

            await using var log = await session.OpenRegionAsync(session.Parsed.GetValue(department), cancellationToken);
            var streams = await StreamsAsync(session, log, session.Parsed.GetValue(department), session.Parsed.GetValue(year), cancellationToken);
            var first = session.Parsed.GetValue(after);
            var events = streams is null
                ? log.ReadAllAsync(first, cancellationToken)
                : (await ReadAsync(log, streams, first, cancellationToken)).ToAsyncEnumerable();
            var shown = new List<StoredEvent>();
            var more = false;
            await foreach (var stored in events)
            {
                if (shown.Count == most)
                {
                    more = true;
                    break;
                }

                shown.Add(stored);
            }

            if (session.IsJson)
            {
                session.WriteJson(shown.Select(s => Json(s, words)));
                return ExitCodes.Done;
            }

            Write(session, shown);
            if (more)
            {
                Session.WriteLine(words["LogMore", shown[^1].Position]);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The streams that are asked for; null for all.</summary>
    private static async Task<IReadOnlyList<string>?> StreamsAsync(
        Session session, RegionLog log, string? department, int? year, CancellationToken cancellationToken)
    {
        if (department is null)
        {
            return null;
        }

        var found = await log.FindDepartmentAsync(department, cancellationToken);
        if (year is null)
        {
            return [Streams.Department(found.Code), .. await log.ListYearStreamsAsync(found.Code, cancellationToken)];
        }

        return year is >= FiscalYear.First and <= FiscalYear.Last
            ? [Streams.Department(found.Code), Streams.Year(found.Code, new(year.Value))]
            : throw CommandFailedException.Usage(session.Words["YearOutside", year, FiscalYear.First, FiscalYear.Last]);
    }

    private static async Task<IEnumerable<StoredEvent>> ReadAsync(
        RegionLog log, IReadOnlyList<string> streams, long after, CancellationToken cancellationToken)
    {
        var events = new List<StoredEvent>();
        foreach (var stream in streams)
        {
            await foreach (var stored in log.Events.ReadStreamAsync(stream, 1, cancellationToken))
            {
                if (stored.Position > after)
                {
                    events.Add(stored);
                }
            }
        }

        return events.OrderBy(e => e.Position);
    }

    private static void Write(Session session, IReadOnlyList<StoredEvent> events)
    {
        var words = session.Words;
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn(new TableColumn(words["ColumnPosition"]).RightAligned())
            .AddColumns(words["ColumnRecorded"], words["ColumnDate"], words["ColumnEvent"], words["ColumnNumber"])
            .AddColumn(new TableColumn(words["ColumnAmount"]).RightAligned())
            .AddColumns(words["ColumnActor"], words["ColumnText"]);
        foreach (var stored in events)
        {
            var @event = EventWords.Of(RegionLog.Decode(stored).Event, words);
            table.AddRow(new[]
            {
                stored.Position.ToString(CultureInfo.InvariantCulture),
                Recorded(stored.RecordedAt),
                LocalDatePattern.Iso.Format(stored.AccountingDate),
                @event.Kind,
                @event.Number,
                @event.Amount is { } amount ? Yuan.Of(amount) : "",
                stored.Actor,
                @event.Text,
            }.Select(t => new Text(t)));
        }

        session.Terminal.Write(table);
    }

    private static object Json(StoredEvent stored, Words words)
    {
        var @event = EventWords.Of(RegionLog.Decode(stored).Event, words);
        return new
        {
            stored.Position,
            stored.Stream,
            stored.Version,
            stored.Type,
            RecordedAt = InstantPattern.ExtendedIso.Format(stored.RecordedAt),
            AccountingDate = LocalDatePattern.Iso.Format(stored.AccountingDate),
            stored.Actor,
            @event.Number,
            @event.Text,
            Fen = @event.Amount?.Fen,
            Body = System.Text.Json.Nodes.JsonNode.Parse(stored.Body),
            Hash = Convert.ToHexStringLower(stored.Hash),
        };
    }

    /// <summary>To the second, where the books are kept.</summary>
    private static string Recorded(Instant instant) =>
        instant.InZone(DateTimeZoneProviders.Tzdb["Asia/Shanghai"]).LocalDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
