using JasperFx.Events;

namespace FinalAccounts.CritterStack;

/// <summary>
/// An event's body as it is handed to <see cref="MartenEventLog"/>: any type of event, byte for byte. Its row says so in
/// <c>mt_dotnet_type</c> and carries the ledger's alias in <c>type</c>, so that a store that knows the ledger's events reads them.
/// </summary>
/// <param name="Utf8">JSON in UTF-8.</param>
internal sealed record StoredBody(byte[] Utf8);

/// <summary>Bytes in, bytes out.</summary>
internal sealed class StoredBodySerializer : IEventBinarySerializer
{
    public byte[] Serialize(Type type, object data) => ((StoredBody)data).Utf8;

    public object Deserialize(Type type, byte[] data) => new StoredBody(data);
}

/// <summary>A command that was recorded. Its id is the key of a table, so that the database refuses it a second time.</summary>
public sealed class RecordedCommand
{
    public Guid Id { get; set; }
}
