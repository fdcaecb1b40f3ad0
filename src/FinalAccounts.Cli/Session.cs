using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using NodaTime;
using NodaTime.Text;
using Serilog;
using Spectre.Console;

namespace FinalAccounts.Cli;

/// <summary>What a command has at hand: the words of the user's language, the terminal, the log file, the place of its data.</summary>
internal sealed class Session : IDisposable
{
    internal static readonly JsonSerializerOptions JsonOptions = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public Session(Words words, ParseResult parsed)
    {
        Words = words;
        Parsed = parsed;
        DataDirectory = Regions.DataDirectory.Find();
        Terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        if (Console.IsOutputRedirected)
        {
            // Nobody sees where a line of a file is wrapped, but programs that search it do.
            Terminal.Profile.Width = 250;
        }

        var log = new LoggerConfiguration().MinimumLevel.Debug().WriteTo.File(
            Path.Combine(DataDirectory, "logs", "fa-.log"),
            rollingInterval: RollingInterval.Day,
            retainedFileCountLimit: 30,
            fileSizeLimitBytes: 10 << 20,
            formatProvider: System.Globalization.CultureInfo.InvariantCulture,
            shared: true);
        if (parsed.GetValue(CommandLine.Verbose))
        {
            log = log.WriteTo.Console(
                standardErrorFromLevel: Serilog.Events.LogEventLevel.Verbose, formatProvider: System.Globalization.CultureInfo.InvariantCulture);
        }

        var logger = log.CreateLogger();
        Log = logger;
        closeLog = logger;
    }

    private readonly IDisposable closeLog;

    public Words Words { get; }

    public ParseResult Parsed { get; }

    public ILogger Log { get; }

    public IAnsiConsole Terminal { get; }

    /// <summary>Private server and log files.</summary>
    public string DataDirectory { get; }

    public IClock Clock { get; } = SystemClock.Instance;

    /// <summary>Today where the books are kept.</summary>
    public LocalDate Today => Clock.GetCurrentInstant().InZone(DateTimeZoneProviders.Tzdb["Asia/Shanghai"]).Date;

    public bool IsJson => Parsed.GetResult(CommandLine.Json) is not null && Parsed.GetValue(CommandLine.Json);

    /// <summary>True when the department is wanted with its units.</summary>
    public bool IsConsolidated => Parsed.GetResult(CommandLine.Consolidated) is not null && Parsed.GetValue(CommandLine.Consolidated);

    /// <summary>Who is entered as the one who did it.</summary>
    public string Actor => Parsed.GetValue(CommandLine.Actor) ?? Environment.GetEnvironmentVariable("FINALACCOUNTS_ACTOR") ?? Environment.UserName;

    /// <summary>The region that the command line or the environment names; null when neither does.</summary>
    public string? NamedRegion => Parsed.GetValue(CommandLine.Region) ?? Environment.GetEnvironmentVariable("FINALACCOUNTS_REGION");

    /// <summary>Opens the log of the region that is named, else of the only one, else of the only one that has the department.</summary>
    /// <param name="department">Code or full name of the department that the command is about; null for none.</param>
    /// <exception cref="RegionException">There is no such region, or there are several and none is named.</exception>
    public async Task<RegionLog> OpenRegionAsync(string? department, CancellationToken cancellationToken) => await RegionLog.OpenAsync(
        await Database.OpenAsync(DataDirectory, cancellationToken), NamedRegion, department, Clock, cancellationToken);

    /// <summary>The disclosure that the command line asks for: of the department by itself, or with its units.</summary>
    /// <exception cref="RegionException">A year is not opened (as of then), or its form pack is not there.</exception>
    public Task<ReportedYear> ReportAsync(RegionLog log, string department, FiscalYear year, AsOf asOf, CancellationToken cancellationToken) => IsConsolidated
        ? Consolidation.BuildAsync(log, department, year, asOf, cancellationToken)
        : ReportedYear.BuildAsync(log, department, year, asOf, cancellationToken);

    public void WriteJson(object value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, JsonOptions));

    /// <summary>A line of output; not wrapped and without markup.</summary>
    public static void WriteLine(string text = "") => Console.Out.WriteLine(text);

    /// <summary>Does a step while the terminal shows that it is under way, then leaves a line that says what came of it.</summary>
    public async Task<T> StepAsync<T>(string name, Func<Task<T>> step, Func<T, string> done)
    {
        if (IsJson)
        {
            return await step();
        }

        var clock = System.Diagnostics.Stopwatch.StartNew();
        T result = default!;
        if (Console.IsOutputRedirected || !Terminal.Profile.Capabilities.Interactive)
        {
            result = await step();
        }
        else
        {
            await Terminal.Status().StartAsync(Markup.Escape(name), async _ => result = await step());
        }

        Terminal.MarkupLine(
            $"[green]✔[/] {Markup.Escape(done(result))} [grey]{clock.Elapsed.TotalSeconds.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture)} s[/]");
        return result;
    }

    /// <exception cref="CommandFailedException">The text is not an ISO date.</exception>
    public LocalDate? Date(Option<string?> option) => Parsed.GetValue(option) is not { } text
        ? null
        : LocalDatePattern.Iso.Parse(text) is { Success: true } parsed
            ? parsed.Value
            : throw CommandFailedException.Usage(Words["NotADate", option.Name, text]);

    /// <exception cref="CommandFailedException">The text is not an ISO instant.</exception>
    public Instant? Instant(Option<string?> option) => Parsed.GetValue(option) is not { } text
        ? null
        : InstantPattern.ExtendedIso.Parse(text) is { Success: true } utc
            ? utc.Value
            : OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } local
                ? local.Value.ToInstant()
                : throw CommandFailedException.Usage(Words["NotAnInstant", option.Name, text]);

    public void Dispose()
    {
        try
        {
            closeLog.Dispose();
        }
        catch (IOException)
        {
            // What could not be written to a full disk stays unwritten: what the command has said counts.
        }
    }
}
