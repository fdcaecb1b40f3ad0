using System.Diagnostics.CodeAnalysis;
using Npgsql;
using NpgsqlTypes;

namespace FinalAccounts.EventLog;

/// <summary>The call of <c>append_event</c>, which is described in the migration that makes it.</summary>
internal sealed class SingleAppend
{
    private readonly NpgsqlParameter<long> position = new();
    private readonly NpgsqlParameter<byte[]> hash = new();
    private readonly NpgsqlParameter<int> yearChanges = new();
    private readonly NpgsqlParameter<long> recordedAt = new() { NpgsqlDbType = NpgsqlDbType.TimestampTz };
    private readonly NpgsqlParameter<byte[]> newHash = new();
    private readonly NpgsqlParameter<Guid> lastCommand = new();
    private readonly NpgsqlParameter<int> stream = new();
    private readonly NpgsqlParameter<int> version = new();
    private readonly NpgsqlParameter<int> accountingDate = new() { NpgsqlDbType = NpgsqlDbType.Date };
    private readonly NpgsqlParameter<int> actor = new();
    private readonly NpgsqlParameter<int> type = new();
    private readonly NpgsqlParameter<int> schemaVersion = new();
    private readonly NpgsqlParameter<int> fiscalYear = new();
    private readonly NpgsqlParameter<Guid> command = new();
    private readonly NpgsqlParameter<byte[]> body = new() { NpgsqlDbType = NpgsqlDbType.Text };

    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    public SingleAppend(NpgsqlConnection connection, string schema)
    {
        Command = new($"select {schema}.append_event($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)", connection);
        Command.Parameters.AddRange(new NpgsqlParameter[]
        {
            position, hash, yearChanges, recordedAt, newHash, lastCommand, stream, version, accountingDate, actor, type, schemaVersion,
            fiscalYear, command, body,
        });
    }

    public NpgsqlCommand Command { get; }

    /// <param name="group">One that <see cref="AppendStatement.Group.IsSingle"/>.</param>
    public void Fill(LogHead at, LogHead next, AppendStatement.Group group)
    {
        // In the order in which the group has them.
        var numbers = group.Numbers;
        position.TypedValue = at.Position;
        hash.TypedValue = at.Hash;
        yearChanges.TypedValue = at.YearChanges;
        recordedAt.TypedValue = next.RecordedMicroseconds - PgTime.EpochMicroseconds;
        newHash.TypedValue = next.Hash;
        lastCommand.TypedValue = next.LastCommand;
        (stream.TypedValue, version.TypedValue, accountingDate.TypedValue, actor.TypedValue) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        (type.TypedValue, schemaVersion.TypedValue, fiscalYear.TypedValue) = (numbers[5], numbers[6], numbers[7]);
        command.TypedValue = group.Commands[0];
        body.TypedValue = group.Bodies[0];
    }
}
