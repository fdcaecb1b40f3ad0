using System.CommandLine;
using System.Globalization;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Fidelity;
using Spectre.Console;

namespace FinalAccounts.Cli.Commands;

/// <summary>
/// <c>fa fidelity</c>: measures the documents of folders of lists against the published ones that lie beside them. Needs no
/// database. Refuses when a difference is not declared, or a declared one does not occur.
/// </summary>
internal static class FidelityCommand
{
    /// <summary>Longest text of a difference on the terminal; <c>--json</c> has all of it.</summary>
    private const int ShownCharacters = 160;

    public static Command Build(Words words)
    {
        var folders = new Argument<string[]>("samples")
        {
            Description = words["ArgumentSamples"],
            HelpName = words["NameBooks"],
            Arity = ArgumentArity.OneOrMore,
        };
        var prior = new Option<string?>("--prior") { Description = words["OptionPrior"], HelpName = words["NameBooks"] };
        var command = new Command("fidelity", words["CommandFidelity"]) { folders, prior, CommandLine.Json };
        command.Run(words, (session, cancellationToken) =>
        {
            var given = session.Parsed.GetRequiredValue(folders);
            var priorFolder = session.Parsed.GetValue(prior);
            if (priorFolder is not null && given.Length > 1)
            {
                throw CommandFailedException.Usage(words["PriorOnce"]);
            }

            List<Measured> measured = [];
            foreach (var folder in given)
            {
                cancellationToken.ThrowIfCancellationRequested();
                measured.Add(Measure(session, folder, priorFolder));
            }

            Write(session, measured);
            return Task.FromResult(measured.All(m => m.Result is null or { IsExplained: true } && m.Errors.Count == 0) ? ExitCodes.Done : ExitCodes.Refused);
        });
        return command;
    }

    /// <exception cref="CommandFailedException">The lists or the transcription are not there or are wrong.</exception>
    private static Measured Measure(Session session, string folder, string? prior)
    {
        foreach (var needed in ((string?[])[folder, prior]).OfType<string>().Where(f => !Directory.Exists(f)))
        {
            throw CommandFailedException.Usage(session.Words["FileMissing", needed]);
        }

        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        try
        {
            if (PublishedSample.Read(folder) is not { } sample)
            {
                return new(name, null, []);
            }

            var (preview, errors) = Preview.Read(folder, prior ?? PublishedSample.PriorFolder(folder));
            return preview is null
                ? throw new ImportRefusedException(errors)
                : new(name, FidelityCheck.Compare(sample.Published, preview.Document, sample.Declared), [.. DocumentTexts.Errors(preview.Document)]);
        }
        catch (TranscriptionException e)
        {
            throw CommandFailedException.Refused(session.Words["TranscriptionWrong", e.Message]);
        }
    }

    private static void Write(Session session, IReadOnlyList<Measured> measured)
    {
        if (session.IsJson)
        {
            session.WriteJson(measured.Select(Json));
            return;
        }

        foreach (var sample in measured)
        {
            WriteDifferences(session.Words, sample);
        }

        session.Terminal.Write(Summary(session.Words, measured));
    }

    private static void WriteDifferences(Words words, Measured sample)
    {
        if (sample.Result is not { } result)
        {
            Session.WriteLine(words["NotPublished", sample.Name]);
            return;
        }

        Session.WriteLine(words[result.Differences.Count == 0 ? "FidelityNone" : "FidelityDifferences", sample.Name, result.Differences.Count]);
        foreach (var difference in result.Differences)
        {
            Session.WriteLine(words[
                "FidelityDifference", difference.Where, Short(difference.Published), Short(difference.Computed), difference.Cause ?? words["Undeclared"]]);
        }

        foreach (var stale in result.Stale)
        {
            Session.WriteLine(words["FidelityStale", stale.Where, Short(stale.Published), Short(stale.Computed), stale.Cause]);
        }

        foreach (var error in sample.Errors)
        {
            Session.WriteLine(words["DocumentError", DocumentTexts.Describe(error, words)]);
        }

        Session.WriteLine();

        string Short(string? text) => text switch
        {
            null => words["Blank"],
            { Length: > ShownCharacters } => text[..ShownCharacters] + "…",
            _ => text,
        };
    }

    /// <summary>A row per sample: equal of all, by matter, and how many differences are declared, undeclared and stale.</summary>
    private static Table Summary(Words words, IReadOnlyList<Measured> measured)
    {
        var matters = Enum.GetValues<Matter>();
        var table = new Table { Title = new TableTitle(Markup.Escape(words["FidelityTitle"])) }.Border(TableBorder.Rounded).AddColumn(words["ColumnSample"]);
        foreach (var heading in matters.Select(m => words[$"Matter{m}"]).Concat([words["ColumnDeclared"], words["ColumnUndeclared"], words["ColumnStale"]]))
        {
            table.AddColumn(new TableColumn(new Text(heading)).RightAligned().NoWrap());
        }

        foreach (var (name, result, _) in measured)
        {
            IEnumerable<string> cells = result is null
                ? Enumerable.Repeat("—", matters.Length + 3)
                : [
                    .. matters.Select(m => Equal(result.Tallies[m])),
                    Number(result.Differences.Count(d => d.IsDeclared)), Number(result.Undeclared.Count()), Number(result.Stale.Count),
                ];
            table.AddRow([new Text(name), .. cells.Select(c => new Text(c))]);
        }

        return table;

        static string Equal(Tally tally) => tally.Of == 0 ? "—" : $"{Number(tally.Equal)}/{Number(tally.Of)}";

        static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
    }

    private static object Json(Measured sample) => new
    {
        Sample = sample.Name,
        IsExplained = sample.Result?.IsExplained,
        Tallies = sample.Result?.Tallies.ToDictionary(t => Camel(t.Key), t => new { t.Value.Equal, t.Value.Of, t.Value.Folded }),
        Differences = sample.Result?.Differences.Select(d => new { Matter = Camel(d.Matter), d.Where, d.Published, d.Computed, d.Cause }),
        Stale = sample.Result?.Stale,
        Errors = sample.Errors.Select(e => new { Rule = e.Rule.Id, e.Subject, e.Arguments }),
    };

    private static string Camel(Matter matter) => matter.ToString().ToLowerInvariant();

    /// <param name="Result">Null when there is no published document.</param>
    /// <param name="Errors">Rules that the generated document breaks: print can't excuse them.</param>
    private sealed record Measured(string Name, FidelityResult? Result, IReadOnlyList<ReportFinding> Errors);
}
