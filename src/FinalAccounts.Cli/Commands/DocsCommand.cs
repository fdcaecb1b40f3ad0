using System.CommandLine;
using FinalAccounts.Ledger.Rules;

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
            Directory.CreateDirectory(target);
            await File.WriteAllTextAsync(Path.Combine(target, "rules.md"), RuleCatalogue.ToMarkdown(), cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }
}
