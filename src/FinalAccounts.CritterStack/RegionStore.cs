using System.Reflection;
using FinalAccounts.Ledger;
using JasperFx.Events;
using Marten;
using Marten.Events;

namespace FinalAccounts.CritterStack;

/// <summary>How a region's log is laid out in Marten: in a schema of its own, as on our own engine.</summary>
public static class RegionStore
{
    private static readonly MethodInfo UseSerializer = typeof(IEventStoreOptions).GetMethod(nameof(IEventStoreOptions.UseBinarySerializer))!;

    /// <summary>The schema of a region's log on Marten; beside <c>region_…</c>, so that both can lie in one database.</summary>
    public static string SchemaOf(RegionCode region) => $"marten_{region}";

    /// <summary>
    /// Sets a store up for who works with the ledger's events as they are: aggregates, projections, handlers. The connection is the caller's
    /// to name.
    /// </summary>
    public static void Configure(StoreOptions options, RegionCode region)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.DatabaseSchemaName = SchemaOf(region);
        options.DisableNpgsqlLogging = true;
        options.Events.StreamIdentity = StreamIdentity.AsString;
        var serializer = new LedgerEventSerializer();
        foreach (var type in EventCodec.Types)
        {
            options.Events.MapEventType(type.ClrType, type.Alias);
            UseSerializer.MakeGenericMethod(type.ClrType).Invoke(options.Events, [serializer]);
        }
    }
}
