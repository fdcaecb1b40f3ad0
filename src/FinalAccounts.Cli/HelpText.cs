using System.CommandLine;
using System.CommandLine.Invocation;
using FinalAccounts.Regions;

namespace FinalAccounts.Cli;

/// <summary>Help in the user's language; the library's own is in that of the process's culture.</summary>
internal sealed class HelpText(Words words) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        Write(parseResult.CommandResult.Command, words, Console.Out);
        return ExitCodes.Done;
    }

    /// <summary>The words that name a command: <c>fa server stop</c>.</summary>
    public static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : "fa";

    public static void Write(Command command, Words words, TextWriter output)
    {
        output.WriteLine(command.Description);
        output.WriteLine();
        output.WriteLine(words["HelpUsage"]);
        var arguments = command.Arguments.Select(a => a.Arity.MinimumNumberOfValues > 0 ? $" <{Name(a)}>" : $" [<{Name(a)}>]");
        output.WriteLine($"  {PathOf(command)}{(command.Subcommands.Count > 0 && command.Arguments.Count == 0 ? " " + words["HelpCommandSlot"] : "")}{string.Concat(arguments)} {words["HelpOptionSlot"]}");

        Section(output, words["HelpArguments"], command.Arguments.Select(a => ($"<{Name(a)}>", a.Description)));
        Section(output, words["HelpCommands"], command.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name, c.Description)));
        var inherited = command.Parents.OfType<Command>().SelectMany(p => p.Options).Where(o => o.Recursive);
        Section(output, words["HelpOptions"], command.Options.Concat(inherited).Where(o => !o.Hidden).Select(o => (Label(o), o.Description)));
        if (command is RootCommand)
        {
            output.WriteLine();
            output.WriteLine(words["HelpEnvironment"]);
        }
    }

    private static string Name(Argument argument) => argument.HelpName ?? argument.Name;

    private static string Label(Option option) =>
        string.Join(", ", option.Aliases.Where(a => a.StartsWith('-')).Append(option.Name)) + (option.HelpName is { } value ? $" <{value}>" : "");

    private static void Section(TextWriter output, string title, IEnumerable<(string Label, string? Description)> rows)
    {
        var list = rows.ToList();
        if (list.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine(title);
        var width = list.Max(r => Width(r.Label));
        foreach (var (label, description) in list)
        {
            output.WriteLine($"  {label}{new string(' ', width - Width(label))}  {description}");
        }
    }

    /// <summary>Columns of a terminal: a Chinese character takes two.</summary>
    private static int Width(string text) => text.Sum(c => c >= 0x2E80 ? 2 : 1);
}
