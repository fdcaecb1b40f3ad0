using FinalAccounts.Ledger;
using JasperFx.Events;

namespace FinalAccounts.CritterStack;

/// <summary>Puts the ledger's events into Marten with the bytes that they have on our own engine: a jsonb column would order them anew.</summary>
internal sealed class LedgerEventSerializer : IEventBinarySerializer
{
    public byte[] Serialize(Type type, object data) => EventCodec.Encode((LedgerEvent)data).Body;

    public object Deserialize(Type type, byte[] data)
    {
        var known = EventCodec.Types.Single(t => t.ClrType == type);
        return EventCodec.Decode(known.Alias, known.SchemaVersion, data);
    }
}
