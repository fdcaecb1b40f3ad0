using System.CommandLine;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;

namespace FinalAccounts.Cli.Commands;

/// <summary>The department and the year that most commands are about.</summary>
internal sealed class YearArguments
{
    private readonly Argument<string> department;
    private readonly Argument<int> year;

    public YearArguments(Words words)
    {
        department = new("department") { Description = words["ArgumentDepartment"], HelpName = words["NameDepartment"] };
        year = new("year") { Description = words["ArgumentYear"], HelpName = words["NameYear"] };
    }

    public void AddTo(Command command)
    {
        command.Arguments.Add(department);
        command.Arguments.Add(year);
        command.Options.Add(CommandLine.Region);
    }

    public string Department(Session session) => session.Parsed.GetRequiredValue(department);

    /// <exception cref="CommandFailedException">The year is outside the range of years.</exception>
    public FiscalYear Year(Session session)
    {
        var value = session.Parsed.GetRequiredValue(year);
        return value is >= FiscalYear.First and <= FiscalYear.Last
            ? new(value)
            : throw CommandFailedException.Usage(session.Words["YearOutside", value, FiscalYear.First, FiscalYear.Last]);
    }
}
