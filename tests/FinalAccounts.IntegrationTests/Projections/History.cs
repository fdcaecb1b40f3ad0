using System.Globalization;
using System.Text;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Reporting;
using FinalAccounts.UnitTests.Ledger;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Npgsql;

namespace FinalAccounts.IntegrationTests.Projections;

/// <summary>An event of a history that is made up.</summary>
internal sealed record HistoryEvent(string Stream, LedgerEvent Event);

/// <summary>
/// Arbitrary histories of a few departments and years: events of every type, whatever the rules say of them, restated, reopened and in any
/// order; and what the tables must hold of them, folded live and independently of the projection.
/// </summary>
internal static class History
{
    private static readonly string[] Departments = ["301001", "301002"];
    private static readonly FiscalYear[] Years = [new(2023), new(2024)];

    private static readonly Gen<LedgerEvent> Vouchers =
        from isReversed in Gen.Elements(false, true)
        from day in Gen.Choose(-40, 400)
        from function in Gen.Elements("2080101", "2080505")
        from economic in Gen.Elements("30101", "30201")
        from project in Gen.Elements(null, "某项目", "a\"b")
        from amount in Gen.OneOf(Gen.Choose(1, 1000).Select(n => (long)n), Gen.Elements(long.MinValue + 1, long.MaxValue))
        let line = new PostingLine(new(function), new(economic), Fund.GeneralPublicBudget, SpendingKind.Basic, project, IncomeSource.Other, new(amount))
        select isReversed
            ? (LedgerEvent)new ExpenditureReversed(new LocalDate(2024, 1, 1).PlusDays(day), "记-2", "记-1", "冲销", [line, line])
            : new ExpenditurePosted(new LocalDate(2024, 1, 1).PlusDays(day), "记-1", "办公费", [line]);

    public static Gen<List<HistoryEvent>> Any { get; } =
        (from e in Gen.Frequency((2, Vouchers), (3, EventGenerator.Any.Where(CanBeTaken)))
         from department in Gen.Elements(Departments)
         from year in Gen.Elements(Years)
         let code = new DepartmentCode(department)
         let isMasterData = e is DepartmentRegistered or ProfileRevised
         select new HistoryEvent(isMasterData ? Streams.Department(code) : Streams.Year(code, year), e)).ListOf().Select(l => l.ToList());

    /// <summary>Appends the events one by one, so that their positions are 1, 2, 3, …</summary>
    /// <returns>The events as the log has recorded them.</returns>
    public static async Task<List<(string Stream, RecordedEvent Recorded)>> AppendAsync(IEventLog log, IEnumerable<HistoryEvent> events)
    {
        foreach (var (stream, e) in events)
        {
            var encoded = EventCodec.Encode(e);
            var version = (await log.ListStreamsAsync(stream, default)).Where(s => s.Stream == stream).Sum(s => s.Version);
            await log.AppendAsync(
                new(Guid.CreateVersion7(), "张三", [new(stream, version, [new(encoded.Type, encoded.SchemaVersion, e.Date, encoded.Body)])]), default);
        }

        List<(string Stream, RecordedEvent Recorded)> recorded = [];
        await foreach (var e in log.ReadAllAsync(0, default))
        {
            recorded.Add((e.Stream, new(e.Position, e.RecordedAt, e.Actor, EventCodec.Decode(e.Type, e.SchemaVersion, e.Body))));
        }

        return recorded;
    }

    /// <summary>What the tables must hold when everything up to a position has been taken: a line for each row, in ordinal order.</summary>
    public static List<string> Expected(IEnumerable<(string Stream, RecordedEvent Recorded)> history, long upTo)
    {
        var events = history.Where(e => e.Recorded.Position <= upTo).ToList();
        List<string> lines = [];
        Dictionary<string, Int128> months = [];
        foreach (var department in events.GroupBy(e => Streams.DepartmentOf(e.Stream)))
        {
            var masterData = department.Where(e => Streams.YearOf(e.Stream) is null).Select(e => e.Recorded).ToList();
            if (masterData.Count > 0)
            {
                var state = DepartmentState.Fold(masterData.Select(e => e.Event));
                lines.Add(Line(
                    "department", department.Key, state.Registration?.Name ?? department.Key.ToString(), masterData.Count, masterData[^1].Position,
                    Body(state.Registration), Body(state.Profile)));
            }

            foreach (var year in department.Where(e => Streams.YearOf(e.Stream) is not null).GroupBy(e => Streams.YearOf(e.Stream)!.Value))
            {
                var booked = year.Select(e => e.Recorded).ToList();
                var books = YearBooks.From(year.Key, masterData.Concat(booked));
                lines.AddRange(books.Facts.Sums.Select(s => Line("fact", year.Key, department.Key, Key(s.Key), s.Value)));
                foreach (var fact in books.Facts.Facts.Where(f => f.Key.Name is null))
                {
                    var date = books.Events[fact.Event].Event.Date;
                    var month = date.Year < year.Key.Value ? 1 : date.Year > year.Key.Value ? 12 : date.Month;
                    foreach (var part in Parts(fact.Key with { Project = null, Counterparty = null }))
                    {
                        var key = Line("month", year.Key, month, Key(part));
                        months[key] = months.GetValueOrDefault(key) + fact.Value;
                    }
                }

                lines.Add(Year(booked.Aggregate(YearOverview.Of(department.Key, year.Key), (y, e) => y.With(e, y.Version + 1))));
                lines.AddRange(booked.Where(e => e.Event is MembersDetermined).Select(e => Line(
                    "list", year.Key, department.Key, e.Position, Micros(e.RecordedAt), Iso(e.Event.Date), string.Join(',', ((MembersDetermined)e.Event).Members))));
            }
        }

        lines.AddRange(months.Select(m => Line(m.Key, m.Value)));
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>What a generation of the tables holds, as <see cref="Expected"/>. Read by SQL of its own.</summary>
    public static async Task<List<string>> ReadAsync(NpgsqlDataSource dataSource, RegionCode region, int generation)
    {
        const string Key = "concat_ws(';', k.measure, coalesce(k.function, '-'), coalesce(k.economic, '-'), coalesce(k.fund::text, '-'), coalesce(k.kind::text, '-'), coalesce(k.project, '-'), coalesce(k.source::text, '-'), coalesce(k.name, '-'), coalesce(k.counterparty, '-'))";
        await using var command = dataSource.CreateCommand(
            $"""
            with g as (select {generation.ToString(CultureInfo.InvariantCulture)} as generation)
            select concat_ws('|', 'fact', fiscal_year, department, {Key}, value) from SCHEMA.facts join g using (generation) join SCHEMA.fact_keys k using (key_id)
            union all
            select concat_ws('|', 'month', fiscal_year, month, {Key}, value) from SCHEMA.region_facts join g using (generation) join SCHEMA.fact_keys k using (key_id)
            union all
            select concat_ws('|', 'department', department, name, version, last_position, coalesce(registration, '-'), coalesce(profile, '-')) from SCHEMA.departments join g using (generation)
            union all
            select concat_ws('|', 'year', fiscal_year, department, status, version, last_position, (extract(epoch from last_recorded_at) * 1000000)::bigint,
                   budget, adjusted_budget, income, expenditure, coalesce(published, '-'), coalesce(published_at::text, '-')) from SCHEMA.department_years join g using (generation)
            union all
            select concat_ws('|', 'list', fiscal_year, department, position, (extract(epoch from recorded_at) * 1000000)::bigint, accounting_date, array_to_string(members, ','))
              from SCHEMA.member_lists join g using (generation)
            """.Replace("SCHEMA", LogSchema.NameOf(region), StringComparison.Ordinal));
        await using var reader = await command.ExecuteReaderAsync();
        List<string> lines = [];
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>Once by function, and what has an economic item or could have one once more by that.</summary>
    private static IEnumerable<FactKey> Parts(FactKey key) => key.Function is not null
        && key.Measure is Measure.InitialBudget or Measure.Supplement or Measure.Withdrawal or Measure.Reallocation or Measure.Expenditure
            ? [key with { Economic = null }, key with { Function = null }]
            : [key with { Economic = null }];

    private static string Year(YearOverview y) => Line(
        "year", y.Year, y.Department, (int)y.Status, y.Version, y.LastPosition, Micros(y.LastRecordedAt), y.Budget, y.AdjustedBudget, y.Income,
        y.Expenditure, Body(y.Published), y.PublishedAt?.ToString(CultureInfo.InvariantCulture) ?? "-");

    private static string Key(FactKey k) => string.Join(';', new object?[]
    {
        (int)k.Measure, k.Function, k.Economic, (int?)k.Fund, (int?)k.Kind, k.Project, (int?)k.Source, k.Name, k.Counterparty,
    }.Select(p => p is null ? "-" : Convert.ToString(p, CultureInfo.InvariantCulture)));

    private static string Line(params object[] parts) => string.Join('|', parts.Select(p => Convert.ToString(p, CultureInfo.InvariantCulture)));

    private static string Body(LedgerEvent? e) => e is null ? "-" : Encoding.UTF8.GetString(EventCodec.Encode(e).Body);

    private static string Iso(LocalDate date) => date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);

    private static long Micros(Instant instant) => instant.ToUnixTimeTicks() / 10;

    /// <summary>PostgreSQL keeps no NUL in a text, which the ledger's rules refuse; and what a meeting costs may be beyond all there is.</summary>
    private static bool CanBeTaken(LedgerEvent e)
    {
        try
        {
            return EventFacts.Of(e).ToList() is not null && !Encoding.UTF8.GetString(EventCodec.Encode(e).Body).Contains("\\u0000", StringComparison.Ordinal);
        }
        catch (OverflowException)
        {
            return false;
        }
    }
}
