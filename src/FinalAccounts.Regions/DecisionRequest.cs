using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.FiscalYears;

namespace FinalAccounts.Regions;

/// <summary>A command that is to be decided on and recorded in the books of a department's year.</summary>
/// <param name="Log">The region's log.</param>
/// <param name="Recording">Who records it and on what condition; its command id is given.</param>
/// <param name="Command">The command on the year as it stands, which a closing takes its seal from.</param>
public sealed record DecisionRequest(
    RegionLog Log, Recording Recording, Department Department, FiscalYear Year, Func<YearBook, Task<YearCommand>> Command)
{
    public Guid CommandId => Recording.CommandId!.Value;

    /// <summary>The stream that it is decided on.</summary>
    public string Stream => Streams.Year(Department.Code, Year);

    /// <summary>Decides on the year as an engine has read it; nothing is stored.</summary>
    /// <param name="version">The version of the stream that the state is of; 0 for none.</param>
    /// <inheritdoc cref="DecideAsync(YearBook, CancellationToken)" path="/exception"/>
    public Task<Decision> DecideAsync(YearState state, long version, CancellationToken cancellationToken) =>
        DecideAsync(new YearBook(state, version, RegionLog.ChartOf(Year)), cancellationToken);

    /// <exception cref="VersionConflictException">The year does not stand at the expected version.</exception>
    /// <exception cref="RulesException">A rule refuses it.</exception>
    internal async Task<Decision> DecideAsync(YearBook book, CancellationToken cancellationToken)
    {
        if (Recording.ExpectedVersion is { } expected && expected != book.Version)
        {
            throw new VersionConflictException(Stream, expected, book.Version);
        }

        var decision = await Log.DecideAsync(Department, book, Command, cancellationToken);
        return decision.IsRefused ? throw new RulesException([.. decision.Refusals]) : decision;
    }
}
