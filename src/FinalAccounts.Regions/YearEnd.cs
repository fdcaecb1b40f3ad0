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
            recording, department, year, async _ => new SubmitYear(date, await log.ReadHeadAsync(cancellationToken)), cancellationToken);
        return (result, decision.Events.OfType<YearSubmitted>().Single());
    }

    /// <summary>Closes a department's year, sealed with the head of the log.</summary>
    /// <exception cref="RulesException">A rule refuses it.</exception>
    public static async Task<(AppendResult Result, YearClosed Event)> CloseAsync(
        RegionLog log, Recording recording, Department department, FiscalYear year, LocalDate date, CancellationToken cancellationToken)
    {
        var (result, decision) = await log.DecideAsync(
            recording, department, year, async book => new CloseYear(date, await SealAsync(book)), cancellationToken);
        return (result, decision.Events.OfType<YearClosed>().Single());

        // A close that is sent again is the first one, with the seal of then.
        async Task<Seal> SealAsync(YearBook book) =>
            book.Recorded is [YearClosed recorded] ? recorded.Seal : await log.ReadHeadAsync(cancellationToken);
    }
}
