using System.CommandLine;
using System.Globalization;
using System.Xml.Linq;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Rules;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa docs</c>: writes the documents that come from the code. For those who work on the program.</summary>
internal static class DocsCommand
{
    public static Command Build(Words words)
    {
        var folder = new Argument<string>("folder") { Description = words["ArgumentDocs"] };
        var command = new Command("docs", words["CommandDocs"]) { folder };
        command.Hidden = true;
        command.Run(words, async (session, cancellationToken) =>
        {
            var target = session.Parsed.GetRequiredValue(folder);
            var summaries = XDocument.Load(Path.ChangeExtension(typeof(EventCatalogue).Assembly.Location, ".xml"));
            Directory.CreateDirectory(target);
            await File.WriteAllTextAsync(Path.Combine(target, "events.md"), EventCatalogue.ToMarkdown(summaries), cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(target, "rules.md"), RuleCatalogue.ToMarkdown(), cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(target, "report-rules.md"), ReportRules.ToMarkdown(), cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(target, "commands.md"), Commands(), cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The help of every command, in both languages.</summary>
    private static string Commands()
    {
        var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        text.WriteLine("# The commands");
        text.WriteLine();
        text.WriteLine("Generated from the code (`fa docs`); do not edit.");
        foreach (var words in new[] { CommandLine.WordsIn(CultureInfo.InvariantCulture), CommandLine.WordsIn(CultureInfo.GetCultureInfo("en")) })
        {
            foreach (var command in WithSubcommands(CommandLine.Build(words)))
            {
                text.WriteLine();
                text.WriteLine(command is RootCommand ? $"## {words["HelpLanguage"]}" : $"### {HelpText.PathOf(command)}");
                text.WriteLine();
                text.WriteLine("```");
                HelpText.Write(command, words, text);
                text.WriteLine("```");
            }
        }

        return text.ToString();
    }

    private static IEnumerable<Command> WithSubcommands(Command command) =>
        command.Subcommands.Where(c => !c.Hidden).SelectMany(WithSubcommands).Prepend(command);
}
