using FinalAccounts.Ledger;
using FinalAccounts.Ledger.FiscalYears;
using JasperFx.Events;
using Marten.Events.Aggregation;

namespace FinalAccounts.CritterStack.Hosting;

/// <summary>The books of a department's year as the aggregate workflow hands them to a decision.</summary>
public sealed class YearAggregate
{
    /// <summary>The stream.</summary>
    public required string Id { get; set; }

    /// <summary>The version of the stream that the state is of.</summary>
    public required long Version { get; set; }

    public required YearState State { get; init; }
}

/// <summary>Folds a year's stream by the ledger's own function; nothing of it is stored.</summary>
public sealed partial class YearFold : SingleStreamProjection<YearAggregate, string>
{
    /// <inheritdoc/>
    public override YearAggregate Evolve(YearAggregate? snapshot, string id, IEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return new()
        {
            Id = id,
            Version = e.Version,
            State = (snapshot?.State ?? YearState.NotOpened).Apply((LedgerEvent)e.Data),
        };
    }
}
