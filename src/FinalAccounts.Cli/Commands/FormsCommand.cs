using System.CommandLine;
using FinalAccounts.Regions;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa forms</c>: lists the form packs, and checks one while it is being written.</summary>
internal static class FormsCommand
{
    /// <summary>Longest file of a pack that is read.</summary>
    private const long LongestFile = 4 << 20;

    public static Command Build(Words words) => new("forms", words["CommandForms"]) { List(words), Check(words) };

    private static Command List(Words words)
    {
        var command = new Command("list", words["CommandFormsList"]) { CommandLine.Json };
        command.Run(words, (session, _) =>
        {
            var packs = FormPack.Names.Select(name => FormPack.Load(name)!).ToList();
            if (session.IsJson)
            {
                session.WriteJson(packs.Select(p => new { p.Name, Title = p.Title.Text, Tables = p.Tables.Select(t => new { t.Id, t.Title }) }));
                return Task.FromResult(ExitCodes.Done);
            }

            foreach (var pack in packs)
            {
                Session.WriteLine(words["FormsPack", pack.Name, pack.Title.Text, pack.Tables.Count, pack.Texts.Values.Sum(t => t.Count)]);
            }

            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static Command Check(Words words)
    {
        var packs = new Argument<string[]>("pack") { Description = words["ArgumentPack"], HelpName = words["NamePack"], Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("check", words["CommandFormsCheck"]) { packs, CommandLine.Json };
        command.Run(words, (session, _) =>
        {
            var named = session.Parsed.GetValue(packs) is { Length: > 0 } given ? given : [.. FormPack.Names];
            var results = named.Select(name => (Name: name, Problems: Problems(name, words))).ToList();
            if (session.IsJson)
            {
                session.WriteJson(results.Select(r => new
                {
                    r.Name,
                    Problems = r.Problems.Select(p => new { Rule = p.Rule.ToString(), p.Place.File, p.Place.Line, Text = p.ToText(words.Culture) }),
                }));
            }
            else
            {
                foreach (var (name, problems) in results)
                {
                    Session.WriteLine(problems.Count == 0 ? words["FormsRight", name] : words["FormsWrong", name, problems.Count]);
                    foreach (var problem in problems)
                    {
                        Session.WriteLine($"  {problem.ToText(words.Culture)}");
                    }
                }
            }

            return Task.FromResult(results.TrueForAll(r => r.Problems.Count == 0) ? ExitCodes.Done : ExitCodes.Refused);
        });
        return command;
    }

    private static IReadOnlyList<FormPackProblem> Problems(string name, Words words)
    {
        try
        {
            return Read(name, words).CheckTemplates();
        }
        catch (FormPackException e)
        {
            return e.Problems;
        }
    }

    /// <summary>A pack of the program by its name, or the one in a folder; what it extends may lie beside the folder.</summary>
    private static FormPack Read(string name, Words words)
    {
        if (!Directory.Exists(name))
        {
            return FormPack.Load(name) ?? throw CommandFailedException.Refused(words["FormPackMissing", name, string.Join(", ", FormPack.Names)]);
        }

        var folder = new DirectoryInfo(Path.TrimEndingDirectorySeparator(Path.GetFullPath(name)));
        return FormPack.Read(folder.Name, (pack, file) =>
        {
            // A name is a name and no way out of the folder.
            if (pack != Path.GetFileName(pack) || file != Path.GetFileName(file) || folder.Parent is not { } parent)
            {
                return null;
            }

            FileInfo found = new(Path.Combine(parent.FullName, pack, file));
            return !found.Exists ? null
                : found.Length > LongestFile ? throw CommandFailedException.Refused(words["FormsFileTooLong", found.FullName, LongestFile])
                : File.ReadAllText(found.FullName);
        });
    }
}
