using System.CommandLine;
using FinalAccounts.Regions;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa submit</c>: submits a department's final accounts to the finance bureau.</summary>
internal static class SubmitCommand
{
    public static Command Build(Words words)
    {
        var year = new YearArguments(words);
        var date = new Option<string?>("--date") { Description = words["OptionToday"], HelpName = "yyyy-MM-dd" };
        var command = new Command("submit", words["CommandSubmit"]) { date, CommandLine.Actor, CommandLine.Json };
        year.AddTo(command);
        command.Run(words, async (session, cancellationToken) =>
        {
            var fiscalYear = year.Year(session);
            await using var log = await session.OpenRegionAsync(year.Department(session), cancellationToken);
            var department = await log.FindDepartmentAsync(year.Department(session), cancellationToken);
            var (result, submitted) = await YearEnd.SubmitAsync(
                log, new(session.Actor), department, fiscalYear, session.Date(date) ?? session.Today, cancellationToken);
            if (session.IsJson)
            {
                session.WriteJson(new { Position = result.LastPosition, submitted.Seal });
            }
            else
            {
                Session.WriteLine(words["Submitted", department.Name, fiscalYear, submitted.Seal.Position, submitted.Seal.Hash]);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
