using System.Globalization;

namespace FinalAccounts.Benchmarks.Results;

/// <summary>docs/scaling.md: what a province and the country need, from what was measured on one machine.</summary>
public static class ScalingDocument
{
    private const int UnitsOfTheCountry = 600_000;
    private const int Provinces = 31;
    private const int UnitsOfACity = 1_000;
    private const int UnitsOfACounty = 190;
    private const int PostingsPerYear = 5_000;

    /// <summary>Of 100 postings: budgets, receipts, reversals, closes. The simulated city has about as many.</summary>
    private const int OtherEventsPercent = 2;

    private const int YearsKept = 10;
    private const int WorkingDays = 250;
    private const int HoursPerDay = 8;

    /// <summary>Of a year's events, so many fall on its busiest day.</summary>
    private const int PeakDayPercent = 5;

    /// <summary>A server is to be this busy at most on that day.</summary>
    private const int BusyPercent = 50;

    private const double TerabytesPerServer = 2;
    private const double BytesPerTerabyte = 1e12;
    private const double SecondsPerHour = 3_600;

    private static readonly (string Name, int Units)[] Sizes =
    [
        ("a county", UnitsOfACounty), ("a city", UnitsOfACity), ("a province", UnitsOfTheCountry / Provinces), ("the country", UnitsOfTheCountry),
    ];

    /// <summary>The document.</summary>
    public static string Render(PerformanceResults results)
    {
        var measured = new Inputs(results);
        var needs = Sizes.Select(s => Needs.Of(s.Units, measured)).ToList();
        var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        text.WriteLine("# Beyond one machine");
        text.WriteLine();
        text.WriteLine("Generated from [performance.json](performance.json) (`make docs`, `make bench`); do not edit. The figures are as good as those on [performance](performance.md).");
        text.WriteLine();
        WriteMeasured(text, measured);
        WriteAssumptions(text);
        WriteNeeds(text, needs);
        WriteArithmetic(text, needs[^1], measured);
        text.WriteLine(Placing.ReplaceLineEndings("\n"));
        return text.ToString();
    }

    private const string Placing = """

        ## How regions are placed

        A region (a county or city with its finance bureau) is one PostgreSQL schema with its own log, its own projections and no reference to any
        other. So a region is what is placed, moved, saved and restored; the country is several thousand of them, each small.

        1. **One server, a schema per region.** Enough for a province as far as the table above says so. Nothing to set up: `fa init <code>`.
        2. **Several servers and a map.** A file says which region lies on which server; it is read again when it changes, and
           `ops/move-region.sh` moves a region while it is in use ([operating](../ops/README.md)). No extension, no coordinator, and a server that is down
           takes only its own regions with it. Split by bytes first: the rate of one server is far above what its disks will hold in ten years.
        3. **A Citus cluster** places and balances the schemas by itself, behind one address ([ops/citus](../ops/citus/README.md)). Not tested here.

        What keeps each server small: a closed year is its own partition, only read, and can be archived to a file and detached; the running year is all that
        has to be fast. Disks for the ten years can be slow.

        Reports over several regions (`fa rollup --all-regions`) read region by region and add up in the program. Each region answers roll-ups from its own tables, so a province asks
        some hundred regions one after the other and adds up a few hundred rows from each. No transaction, no join and no foreign key crosses a region; figures
        of different regions are as of their own positions, which are said with the answer.

        Each region has one head row, which orders its appends: the rate of one region is that of one server, and no number of servers makes it
        faster. The table shows how far that is from what a region needs.
        """;

    private static void WriteMeasured(TextWriter text, Inputs m)
    {
        text.WriteLine("## Measured");
        text.WriteLine();
        text.WriteLine($"| on {m.Cores} cores | |\n|---|--:|");
        text.WriteLine($"| single events, 32 callers | {Number(m.Singles)} events/s |");
        text.WriteLine($"| single events at a steady pace, projections kept up to date on the same cores | {Number(m.Paced)} events/s |");
        text.WriteLine($"| bulk import | {Number(m.Bulk)} events/s |");
        text.WriteLine($"| rebuild of the projections | {Number(m.Rebuild)} events/s |");
        text.WriteLine($"| verification of the log | {Number(m.Verify)} events/s |");
        text.WriteLine($"| stored, appended singly, with all indexes | {Number(m.Bytes)} bytes |");
        text.WriteLine($"| stored, imported in bulk | {Number(m.BulkBytes)} bytes |");
    }

    private static void WriteAssumptions(TextWriter text)
    {
        text.WriteLine("\n## Assumed");
        text.WriteLine();
        text.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            - {UnitsOfTheCountry:#,0} budget units with {PostingsPerYear:#,0} postings a year each, {YearsKept} years kept; {OtherEventsPercent} other events for 100 postings
            - {Provinces} provinces; a county with {UnitsOfACounty} units (about 3,200 counties, cities and provinces have a bureau of their own), a city with {UnitsOfACity:#,0}
            - {WorkingDays} working days of {HoursPerDay} hours; {PeakDayPercent} % of the year on its busiest day, all of it as single events; a server is at most {BusyPercent} % busy then
            - {TerabytesPerServer:0} TB of events on a server, so that it can be saved and restored in a night; replicas and backups come on top
            """).ReplaceLineEndings("\n"));
    }

    private static void WriteNeeds(TextWriter text, IReadOnlyList<Needs> needs)
    {
        text.WriteLine("\n## Needed");
        text.WriteLine();
        text.WriteLine($"| | {string.Join(" | ", Sizes.Select(s => s.Name))} |");
        text.WriteLine($"|---|{string.Concat(Sizes.Select(_ => "--:|"))}");
        Line("units", n => n.Units.ToString("#,0", CultureInfo.InvariantCulture));
        Line("events a year", n => Number(n.EventsPerYear));
        Line($"events in {YearsKept} years", n => Number(n.Events));
        Line("bytes a year", n => Bytes(n.BytesPerYear));
        Line($"bytes in {YearsKept} years", n => Bytes(n.Bytes));
        Line("events/s, average of the working hours", n => Number(n.AverageRate));
        Line("events/s, busiest day", n => Number(n.PeakRate));
        Line("of one server's steady pace, busiest day", n => n.PeakShare is { } share ? $"{Number(100 * share)} %" : "–");
        Line("servers by rate", n => Number(n.ServersByRate));
        Line("servers by bytes", n => Number(n.ServersByBytes));
        Line("**servers**", n => n.Servers is { } servers ? $"**{Number(servers)}**" : "–");
        Line("import of a year, in bulk, on one server", n => Duration(n.ImportSeconds));
        Line($"rebuild of {YearsKept} years, on these servers", n => Duration(n.RebuildSeconds));
        Line($"verification of {YearsKept} years, on these servers", n => Duration(n.VerifySeconds));

        void Line(string what, Func<Needs, string> value) => text.WriteLine($"| {what} | {string.Join(" | ", needs.Select(value))} |");
    }

    private static void WriteArithmetic(TextWriter text, Needs n, Inputs m)
    {
        text.WriteLine("\n## The arithmetic, for the country");
        text.WriteLine();
        text.WriteLine("```");
        text.WriteLine($"events a year    = {Number(n.Units)} units × {Number(PostingsPerYear)} × (1 + {OtherEventsPercent} %) = {Number(n.EventsPerYear)}");
        text.WriteLine($"events           = {Number(n.EventsPerYear)} × {YearsKept} years = {Number(n.Events)}");
        text.WriteLine($"bytes            = {Number(n.Events)} × {Number(m.Bytes)} = {Bytes(n.Bytes)}");
        text.WriteLine($"average rate     = {Number(n.EventsPerYear)} ÷ ({WorkingDays} days × {HoursPerDay} h × 3,600 s) = {Number(n.AverageRate)} events/s");
        text.WriteLine($"busiest day      = {Number(n.EventsPerYear)} × {PeakDayPercent} % ÷ ({HoursPerDay} h × 3,600 s) = {Number(n.PeakRate)} events/s");
        text.WriteLine($"servers by rate  = {Number(n.PeakRate)} ÷ ({Number(m.Paced)} × {BusyPercent} %), rounded up = {Number(n.ServersByRate)}");
        text.WriteLine($"servers by bytes = {Bytes(n.Bytes)} ÷ {TerabytesPerServer.ToString("0", CultureInfo.InvariantCulture)} TB, rounded up = {Number(n.ServersByBytes)}");
        text.WriteLine($"rebuild          = {Number(n.Events)} ÷ {Number(m.Rebuild)} events/s ÷ {Number(n.Servers)} servers = {Duration(n.RebuildSeconds)}");
        text.WriteLine($"verification     = {Number(n.Events)} ÷ {Number(m.Verify)} events/s ÷ {Number(n.Servers)} servers = {Duration(n.VerifySeconds)}");
        text.WriteLine("```");
    }

    private static string Number(double? value) => value is { } v ? PerformanceDocument.Number(v).Replace(".00", "", StringComparison.Ordinal) : "–";

    private static string Bytes(double? bytes) => bytes switch
    {
        null => "–",
        >= BytesPerTerabyte => $"{PerformanceDocument.Number(bytes.Value / BytesPerTerabyte)} TB",
        _ => $"{PerformanceDocument.Number(bytes.Value / 1e9)} GB",
    };

    private static string Duration(double? seconds) => seconds switch
    {
        null => "–",
        >= 24 * SecondsPerHour => $"{PerformanceDocument.Number(seconds.Value / SecondsPerHour / 24)} days",
        >= SecondsPerHour => $"{PerformanceDocument.Number(seconds.Value / SecondsPerHour)} h",
        >= 60 => $"{PerformanceDocument.Number(seconds.Value / 60)} min",
        _ => $"{PerformanceDocument.Number(seconds.Value)} s",
    };

    /// <summary>What was measured; null what was not.</summary>
    private sealed class Inputs(PerformanceResults results)
    {
        public int Cores { get; } = results.Parts.Count > 0 ? results.Parts[0].On.Cores : 0;

        public double? Singles { get; } = results.Find(Titles.Singles(32))?.Ours;

        public double? Paced { get; } = results.Find(Titles.Paced)?.Ours;

        public double? Bulk { get; } = results.Find(Titles.Bulk)?.Ours;

        public double? Rebuild { get; } = results.Find(Titles.Rebuild)?.Ours;

        public double? Verify { get; } = results.Find(Titles.Verify)?.Ours;

        public double? Bytes { get; } = results.Find(Titles.StoredSingly)?.Ours;

        public double? BulkBytes { get; } = results.Find(Titles.StoredInBulk)?.Ours;
    }

    /// <summary>What so many units need; null where something for it was not measured.</summary>
    private sealed record Needs(int Units, double EventsPerYear, double? BytesPerYear, double AverageRate, double PeakRate, double? PeakShare)
    {
        public double Events => EventsPerYear * YearsKept;

        public double? Bytes => BytesPerYear * YearsKept;

        public double? ServersByRate => PeakShare is { } share ? Math.Ceiling(share * 100 / BusyPercent) : null;

        public double? ServersByBytes => Bytes is { } bytes ? Math.Ceiling(bytes / (TerabytesPerServer * BytesPerTerabyte)) : null;

        public double? Servers => ServersByRate is { } rate && ServersByBytes is { } bytes ? Math.Max(rate, bytes) : null;

        public double? ImportSeconds { get; private init; }

        public double? RebuildSeconds { get; private init; }

        public double? VerifySeconds { get; private init; }

        public static Needs Of(int units, Inputs m)
        {
            var events = (double)units * PostingsPerYear * (100 + OtherEventsPercent) / 100;
            var day = HoursPerDay * SecondsPerHour;
            var peak = events * PeakDayPercent / 100 / day;
            var needs = new Needs(units, events, events * m.Bytes, events / (WorkingDays * day), peak, peak / m.Paced);
            return needs with
            {
                ImportSeconds = events / m.Bulk,
                RebuildSeconds = needs.Events / m.Rebuild / needs.Servers,
                VerifySeconds = needs.Events / m.Verify / needs.Servers,
            };
        }
    }
}
