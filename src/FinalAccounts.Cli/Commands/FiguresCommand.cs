using System.CommandLine;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using Spectre.Console;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa figures</c>: lists the numbers of a disclosure with their addresses.</summary>
internal static class FiguresCommand
{
    public static Command Build(Words words)
    {
        var year = new YearArguments(words);
        var filter = new Option<string?>("--filter") { Description = words["OptionFilter"] };
        var command = new Command("figures", words["CommandFigures"]) { filter, CommandLine.Consolidated, CommandLine.Json };
        year.AddTo(command);
        command.Run(words, async (session, cancellationToken) =>
        {
            await using var log = await session.OpenRegionAsync(year.Department(session), cancellationToken);
            var reported = await session.ReportAsync(log, year.Department(session), year.Year(session), AsOf.Now, cancellationToken);
            var wanted = session.Parsed.GetValue(filter) ?? "";
            var figures = reported.Document.AllFigures
                .Where(f => f.Address.Contains(wanted, StringComparison.Ordinal) || f.Name.Contains(wanted, StringComparison.Ordinal))
                .ToList();
            if (session.IsJson)
            {
                session.WriteJson(figures.Select(f => new
                {
                    f.Address,
                    f.Name,
                    f.Unit,
                    Numerator = f.Exact.Numerator.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    Denominator = f.Exact.Denominator.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    f.Printed,
                    f.Rounding,
                }));
                return ExitCodes.Done;
            }

            var table = new Table().Border(TableBorder.Simple)
                .AddColumns(words["ColumnAddress"], words["ColumnName"])
                .AddColumn(new TableColumn(words["ColumnPrinted"]).RightAligned())
                .AddColumn(words["ColumnUnit"])
                .AddColumn(new TableColumn(words["ColumnExact"]).RightAligned());
            foreach (var figure in figures)
            {
                table.AddRow(Text(figure.Address), Text(figure.Name), Text(figure.Printed ?? ""), Text(figure.Unit), Text(Yuan.Exact(figure, words)));
            }

            session.Terminal.Write(table);
            Session.WriteLine(words["FiguresCount", figures.Count, reported.Document.AllFigures.Count()]);
            return ExitCodes.Done;
        });
        return command;

        static Text Text(string text) => new(text);
    }
}
