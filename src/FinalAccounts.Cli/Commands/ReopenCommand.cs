using System.CommandLine;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Regions;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa reopen</c>: opens a closed year again, with a reason and the authority for it.</summary>
internal static class ReopenCommand
{
    public static Command Build(Words words)
    {
        var year = new YearArguments(words);
        var reason = new Option<string>("--reason") { Description = words["OptionReason"], Required = true };
        var authority = new Option<string>("--authority") { Description = words["OptionAuthority"], Required = true };
        var date = new Option<string?>("--date") { Description = words["OptionToday"], HelpName = "yyyy-MM-dd" };
        var command = new Command("reopen", words["CommandReopen"]) { reason, authority, date, CommandLine.Actor, CommandLine.Json };
        year.AddTo(command);
        command.Run(words, async (session, cancellationToken) =>
        {
            var fiscalYear = year.Year(session);
            var reopening = new ReopenYear(
                session.Date(date) ?? session.Today, session.Parsed.GetRequiredValue(reason), session.Parsed.GetRequiredValue(authority));
            await using var log = await session.OpenRegionAsync(year.Department(session), cancellationToken);
            var department = await log.FindDepartmentAsync(year.Department(session), cancellationToken);
            var (result, _) = await log.DecideAsync(new(session.Actor), department, fiscalYear, _ => Task.FromResult<YearCommand>(reopening), cancellationToken);
            if (session.IsJson)
            {
                session.WriteJson(new { Position = result.LastPosition });
            }
            else
            {
                Session.WriteLine(words["Reopened", department.Name, fiscalYear, result.LastPosition]);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
