using FinalAccounts.CritterStack.Announcing;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Regions;
using JasperFx;
using Marten;
using NodaTime;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Marten;
using Wolverine.Runtime.Handlers;

namespace FinalAccounts.CritterStack.Hosting;

/// <summary>A command on its way to the decision; it stays in the process.</summary>
public sealed record DecideOnYear(DecisionRequest Request)
{
    /// <summary>The stream that the workflow loads and appends to.</summary>
    public string Stream => Request.Stream;
}

/// <summary>What was decided, the events being stored.</summary>
public sealed record Decided(Decision Decision);

/// <summary>The aggregate workflow of all commands of a year: it loads the year, the ledger decides, and events and messages are stored together.</summary>
public static class DecideOnYearHandler
{
    /// <summary>How often a decision is taken anew when others write to the year meanwhile.</summary>
    private const int Retries = 4;

    public static void Configure(HandlerChain chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        chain.OnException<ConcurrencyException>().Or<Marten.Exceptions.ExistingStreamIdCollisionException>().RetryTimes(Retries);
    }

    /// <exception cref="VersionConflictException">The year does not stand at the expected version.</exception>
    /// <exception cref="RulesException">A rule refuses the command.</exception>
    public static async Task<(Decided Decided, Events Events, OutgoingMessages Messages)> HandleAsync(
        DecideOnYear message,
        [WriteAggregate(nameof(DecideOnYear.Stream), Required = false)] YearAggregate? year,
        IDocumentSession session,
        IClock clock,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(session);
        var decision = await message.Request.DecideAsync(year?.State ?? YearState.NotOpened, year?.Version ?? 0, cancellationToken);
        session.Insert(new RecordedCommand { Id = message.Request.CommandId });
        return (
            new(decision),
            [.. decision.Events.Select(e => Stamped(session, e, message.Request, clock))],
            [.. Announcement.Of(message.Request, decision.Events)]);
    }

    private static object Stamped(IDocumentSession session, LedgerEvent said, DecisionRequest request, IClock clock)
    {
        var stored = session.Events.BuildEvent(said);
        EventHeaders.Stamp(stored, request.CommandId, request.Recording.Actor, said.Date, EventCodec.TypeOf(said).SchemaVersion, clock.GetCurrentInstant());
        return stored;
    }
}
