using System.Diagnostics.CodeAnalysis;
using Npgsql;
using NpgsqlTypes;

namespace FinalAccounts.EventLog;

/// <summary>The call of <c>append_events</c>: its parameters in order, as arrays with one element per stream, command, event.</summary>
internal static class AppendStatement
{
    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    public static NpgsqlCommand Create(NpgsqlConnection connection, string schema)
    {
        var command = new NpgsqlCommand(
            $"select {schema}.append_events($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22)", connection);
        const NpgsqlDbType array = NpgsqlDbType.Array;
        NpgsqlDbType[] types =
        [
            NpgsqlDbType.Bigint, NpgsqlDbType.Bytea, NpgsqlDbType.Bytea, NpgsqlDbType.TimestampTz,
            array | NpgsqlDbType.Text, array | NpgsqlDbType.Bigint,
            array | NpgsqlDbType.Text, array | NpgsqlDbType.Bigint, array | NpgsqlDbType.Bigint,
            array | NpgsqlDbType.Uuid, array | NpgsqlDbType.Bytea, array | NpgsqlDbType.Bigint, array | NpgsqlDbType.Bigint,
            array | NpgsqlDbType.Text, array | NpgsqlDbType.Bigint, array | NpgsqlDbType.Text, array | NpgsqlDbType.Integer,
            array | NpgsqlDbType.Date, array | NpgsqlDbType.Uuid, array | NpgsqlDbType.Text, array | NpgsqlDbType.Text,
            array | NpgsqlDbType.Bytea,
        ];
        foreach (var type in types)
        {
            command.Parameters.Add(new() { NpgsqlDbType = type });
        }

        return command;
    }

    public static void Fill(NpgsqlCommand command, GroupWriter.Head at, GroupWriter.Head next, Arrays a)
    {
        object[] values =
        [
            at.Position, at.Hash, next.Hash, next.RecordedMicroseconds - PgTime.EpochMicroseconds,
            a.Created, a.CreatedTo, a.Moved, a.MovedFrom, a.MovedTo,
            a.Command, a.RequestHash, a.First, a.Last,
            a.Stream, a.StreamVersion, a.Type, a.SchemaVersion, a.AccountingDate, a.CommandId, a.Actor, a.Body, a.EventHash,
        ];
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }
    }

    /// <summary>The arrays of one call.</summary>
    internal sealed class Arrays(int commands, int events)
    {
        private readonly Dictionary<string, (long From, long To)> moves = new(StringComparer.Ordinal);

        public Guid[] Command { get; } = new Guid[commands];

        public byte[][] RequestHash { get; } = new byte[commands][];

        public long[] First { get; } = new long[commands];

        public long[] Last { get; } = new long[commands];

        public string[] Stream { get; } = new string[events];

        public long[] StreamVersion { get; } = new long[events];

        public string[] Type { get; } = new string[events];

        public int[] SchemaVersion { get; } = new int[events];

        public int[] AccountingDate { get; } = new int[events];

        public Guid[] CommandId { get; } = new Guid[events];

        public string[] Actor { get; } = new string[events];

        public byte[][] Body { get; } = new byte[events][];

        public byte[][] EventHash { get; } = new byte[events][];

        public string[] Created => [.. moves.Where(m => m.Value.From == 0).Select(m => m.Key)];

        public long[] CreatedTo => [.. moves.Where(m => m.Value.From == 0).Select(m => m.Value.To)];

        public string[] Moved => [.. moves.Where(m => m.Value.From != 0).Select(m => m.Key)];

        public long[] MovedFrom => [.. moves.Where(m => m.Value.From != 0).Select(m => m.Value.From)];

        public long[] MovedTo => [.. moves.Where(m => m.Value.From != 0).Select(m => m.Value.To)];

        /// <summary>A stream moves; when it moved before in this group, this move continues that one.</summary>
        public void Move(string stream, long from, long to) =>
            moves[stream] = (moves.TryGetValue(stream, out var earlier) ? earlier.From : from, to);
    }
}
