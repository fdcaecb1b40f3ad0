using System.CommandLine;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa close</c>: closes a department's year.</summary>
internal static class CloseCommand
{
    public static Command Build(Words words)
    {
        var year = new YearArguments(words);
        var date = new Option<string?>("--date") { Description = words["OptionCloseDate"], HelpName = "yyyy-MM-dd" };
        var command = new Command("close", words["CommandClose"]) { date, CommandLine.Actor, CommandLine.Json };
        year.AddTo(command);
        command.Run(words, async (session, cancellationToken) =>
        {
            var fiscalYear = year.Year(session);
            var closingDate = session.Date(date) ?? fiscalYear.LastDay;
            await using var log = await session.OpenRegionAsync(year.Department(session), cancellationToken);
            var department = await log.FindDepartmentAsync(year.Department(session), cancellationToken);
            var (result, closed) = await YearEnd.CloseAsync(log, new(session.Actor), department, fiscalYear, closingDate, cancellationToken);

            // This year's opening against last year's carry-over, and next year's opening, if there is one, against this year's.
            await DocumentNotes.WarnOfBooksAsync(session, log, department.Code, fiscalYear, cancellationToken);
            if (fiscalYear.Value < FiscalYear.Last)
            {
                await DocumentNotes.WarnOfBooksAsync(session, log, department.Code, new(fiscalYear.Value + 1), cancellationToken);
            }

            if (session.IsJson)
            {
                session.WriteJson(new
                {
                    Position = result.LastPosition,
                    TotalIncome = closed.TotalIncome.ToYuan(),
                    TotalExpenditure = closed.TotalExpenditure.ToYuan(),
                    closed.Seal,
                });
            }
            else
            {
                Session.WriteLine(words["Closed", department.Name, fiscalYear, Yuan.Of(closed.TotalIncome), Yuan.Of(closed.TotalExpenditure), closed.Seal.Position, closed.Seal.Hash]);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
