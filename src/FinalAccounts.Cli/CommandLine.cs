using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Resources;
using System.Text;
using FinalAccounts.Cli.Commands;
using FinalAccounts.EventLog;
using FinalAccounts.EventLog.Archives;
using FinalAccounts.EventLog.Files;
using FinalAccounts.PrivatePostgres;
using FinalAccounts.Projections;
using FinalAccounts.Regions;
using FinalAccounts.Reporting.Forms;
using Npgsql;

namespace FinalAccounts.Cli;

/// <summary>The <c>fa</c> command: parses, runs a subcommand, and turns whatever goes wrong into a message and an exit code.</summary>
public static class CommandLine
{
    internal static readonly Option<string?> Language = new("--lang") { Recursive = true, HelpName = "zh|en" };
    internal static readonly Option<bool> Verbose = new("--verbose") { Recursive = true };
    internal static readonly Option<bool> Json = new("--json");
    internal static readonly Option<string?> Region = new("--region");
    internal static readonly Option<string?> Actor = new("--actor");
    internal static readonly Option<bool> Consolidated = new("--consolidated");

    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static Task<int> RunAsync(string[] arguments) => RunAsync(arguments, Build);

    /// <summary>Runs <c>export log</c> and <c>import log</c> with another engine.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    internal static Task<int> RunAsync(string[] arguments, LogEngine engine) => RunAsync(arguments, words => Root(
        words, [LogFileCommand.BuildExport(words, engine), new Command("import", words["CommandImport"]) { LogFileCommand.BuildImport(words, engine) }]));

    private static async Task<int> RunAsync(string[] arguments, Func<Words, RootCommand> build)
    {
        // A terminal in the C locale still shows what the books are written in.
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var words = LanguageOf(arguments);
        var parsed = build(words).Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpText)
        {
            foreach (var error in Describe(parsed, words))
            {
                await Console.Error.WriteLineAsync(error);
            }

            await Console.Error.WriteLineAsync(words["SeeHelp", HelpText.PathOf(parsed.CommandResult.Command)]);
            return ExitCodes.Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    internal static RootCommand Build(Words words) => Root(
        words,
        [
            DemoCommand.Build(words),
            InitCommand.Build(words),
            ImportCommand.Build(words),
            SubmitCommand.Build(words),
            CloseCommand.Build(words),
            ReopenCommand.Build(words),
            ReportCommand.Build(words),
            FiguresCommand.Build(words),
            RollupCommand.Build(words),
            ExplainCommand.Build(words),
            FidelityCommand.Build(words),
            VerifyCommand.Build(words),
            ReplayCommand.Build(words),
            ArchiveCommand.BuildArchive(words),
            ArchiveCommand.BuildRestore(words),
            LogFileCommand.BuildExport(words, LogEngine.Own),
            SimulateCommand.Build(words),
            LogCommand.Build(words),
            ProjectionCommand.Build(words),
            FormsCommand.Build(words),
            ServerCommand.Build(words),
            DocsCommand.Build(words),
        ]);

    private static RootCommand Root(Words words, IReadOnlyList<Command> commands)
    {
        Language.Description = words["OptionLang"];
        Verbose.Description = words["OptionVerbose"];
        Json.Description = words["OptionJson"];
        Region.Description = words["OptionRegion"];
        Region.HelpName = words["NameRegion"];
        Actor.Description = words["OptionActor"];
        Consolidated.Description = words["OptionConsolidated"];
        var root = new RootCommand(words["Program"]);
        foreach (var command in commands)
        {
            root.Subcommands.Add(command);
        }

        root.Options.Add(Language);
        root.Options.Add(Verbose);
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Description = words["OptionHelp"];
            help.Action = new HelpText(words);
        }

        foreach (var version in root.Options.OfType<VersionOption>())
        {
            version.Description = words["OptionVersion"];
        }

        // `fa` alone shows what there is.
        root.SetAction(_ =>
        {
            HelpText.Write(root, words, Console.Out);
            return ExitCodes.Usage;
        });
        return root;
    }

    /// <summary>
    /// The language of a command line: <c>--lang</c>, else FINALACCOUNTS_LANG, else LC_ALL or LANG when that is English,
    /// else Chinese.
    /// </summary>
    private static Words LanguageOf(IReadOnlyList<string> commandLine)
    {
        var given = commandLine
            .Select((word, i) => word.StartsWith("--lang=", StringComparison.Ordinal) ? word["--lang=".Length..]
                : word == "--lang" ? commandLine.ElementAtOrDefault(i + 1)
                : null)
            .FirstOrDefault(w => w is not null);
        var language = new[] { given, Variable("FINALACCOUNTS_LANG"), Variable("LC_ALL"), Variable("LANG") }.FirstOrDefault(l => l is not null);
        var english = language?.StartsWith("en", StringComparison.OrdinalIgnoreCase) == true;
        return WordsIn(english ? CultureInfo.GetCultureInfo("en") : CultureInfo.InvariantCulture);
    }


    /// <summary>The texts of the command in a language.</summary>
    internal static Words WordsIn(CultureInfo culture) => new(culture, new ResourceManager("FinalAccounts.Cli.Messages", typeof(CommandLine).Assembly));

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Gives a command its work.</summary>
    internal static void Run(this Command command, Words words, Func<Session, CancellationToken, Task<int>> work) =>
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, words, work, cancellationToken));

    private static async Task<int> RunAsync(
        ParseResult parsed, Words words, Func<Session, CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        using var session = new Session(words, parsed);
        try
        {
            session.Log.Information("fa {Arguments}", parsed.Tokens.Select(t => t.Value));
            return await work(session, cancellationToken);
        }
        catch (Exception e)
        {
            var (exitCode, message) = Describe(e, session, cancellationToken);
            session.Log.Write(
                exitCode == ExitCodes.Infrastructure ? Serilog.Events.LogEventLevel.Error : Serilog.Events.LogEventLevel.Information,
                e, "Ends with {ExitCode}", exitCode);
            await Console.Error.WriteLineAsync(message);
            return exitCode;
        }
    }

    private static (int ExitCode, string Message) Describe(Exception exception, Session session, CancellationToken cancellationToken)
    {
        var words = session.Words;
        return exception switch
        {
            CommandFailedException e => (e.ExitCode, e.Message),
            RegionException e => (e.Kind == ProblemKind.Usage ? ExitCodes.Usage : ExitCodes.Refused, e.ToText(words)),
            RulesException e => (ExitCodes.Refused, e.ToText(words)),
            ImportRefusedException e => (ExitCodes.Refused, e.ToText(words)),
            UnpublishableException e => (ExitCodes.Refused, e.ToText(words)),
            OperationCanceledException when cancellationToken.IsCancellationRequested => (ExitCodes.Infrastructure, words["Cancelled"]),
            YearArchivedException e => (ExitCodes.Refused, words["YearArchived", e.Year]),
            ArchiveException e => (ExitCodes.Refused, ArchiveCommand.Describe(e, words)),
            LogFileException e => (ExitCodes.Refused, ArchiveCommand.Describe(e, words)),
            PrivateServerException e => (ExitCodes.Infrastructure, words[$"Private{e.Failure}", e.Subject, e.Detail]),
            VersionConflictException => (ExitCodes.Refused, words["Conflict"]),
            ProjectionStoppedException e => (
                ExitCodes.Infrastructure,
                words["ProjectionStopped", e.Generation.Number, e.Generation.ErrorPosition ?? e.Generation.Position + 1, e.Generation.Error ?? ""]),
            LogDamagedException e => (ExitCodes.Infrastructure, words["LogDamaged", e.Position]),
            LogUnavailableException e => (ExitCodes.Infrastructure, Unavailable(e)),
            NpgsqlException e => (ExitCodes.Infrastructure, Unavailable(e)),
            FormPackException e => (ExitCodes.Infrastructure, words["FormPackWrong", string.Join('\n', e.Problems.Select(p => p.ToText(words.Culture)))]),
            IOException e when IsDiskFull(e.Message) => (ExitCodes.Infrastructure, words["DiskFull", e.Message]),
            IOException or UnauthorizedAccessException => (ExitCodes.Infrastructure, words["FileFailed", exception.Message]),
            _ => (ExitCodes.Infrastructure, words["Internal", exception.Message, Path.Combine(session.DataDirectory, "logs")]),
        };

        string Unavailable(Exception e)
        {
            var reasons = Chain(e).ToList();
            return reasons.OfType<PostgresException>().Any(p => p.SqlState == PostgresErrorCodes.DiskFull) || reasons.Any(r => IsDiskFull(r.Message))
                ? words["DatabaseDiskFull", reasons[^1].Message]
                : words["DatabaseUnavailable", reasons[^1].Message];
        }
    }

    private static IEnumerable<Exception> Chain(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            yield return exception;
        }
    }

    private static bool IsDiskFull(string message) => message.Contains("No space left on device", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Describe(ParseResult parsed, Words words)
    {
        foreach (var unknown in parsed.UnmatchedTokens)
        {
            yield return words["UnknownWord", unknown];
        }

        foreach (var error in parsed.Errors)
        {
            switch (error.SymbolResult)
            {
                case ArgumentResult { Tokens.Count: 0, Argument: var argument }:
                    yield return words["ArgumentMissing", argument.HelpName ?? argument.Name];
                    break;
                case ArgumentResult { Tokens: [var token, ..] }:
                    yield return words["ValueWrong", token.Value];
                    break;
                case OptionResult option:
                    yield return words["OptionWrong", option.Option.Name];
                    break;
                case CommandResult { Command.Subcommands.Count: > 0 } when parsed.UnmatchedTokens.Count == 0:
                    yield return words["CommandMissing"];
                    break;
            }
        }
    }
}
