using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using NodaTime;

namespace FinalAccounts.Regions;

/// <summary>Submits and closes years, sealed with the head of the log.</summary>
public static class YearEnd
{
    /// <summary>Submits a department's final accounts as the log stands.</summary>
    /// <exception cref="RulesException">A rule refuses it.</exception>
    public static async Task<(AppendResult Result, YearSubmitted Event)> SubmitAsync(
        RegionLog log, Recording recording, Department department, FiscalYear year, LocalDate date, CancellationToken cancellationToken)
    {
        var (result, decision) = await log.DecideAsync(
            recording, department, year, async book => new SubmitYear(date, await SealAsync(log, book, cancellationToken)), cancellationToken);
        return (result, decision.Events.OfType<YearSubmitted>().Single());
    }

    /// <summary>Closes a department's year, sealed with the head of the log.</summary>
    /// <exception cref="RulesException">A rule refuses it.</exception>
    public static async Task<(AppendResult Result, YearClosed Event)> CloseAsync(
        RegionLog log, Recording recording, Department department, FiscalYear year, LocalDate date, CancellationToken cancellationToken)
    {
        var (result, decision) = await log.DecideAsync(
            recording, department, year, async book => new CloseYear(date, await SealAsync(log, book, cancellationToken)), cancellationToken);
        return (result, decision.Events.OfType<YearClosed>().Single());
    }

    /// <summary>The head of the log; for a command that is sent again, the seal of the first time.</summary>
    private static async Task<Seal> SealAsync(RegionLog log, YearBook book, CancellationToken cancellationToken) => book.Recorded switch
    {
        [YearSubmitted submitted] => submitted.Seal,
        [YearClosed closed] => closed.Seal,
        _ => await log.ReadHeadAsync(cancellationToken),
    };
}
