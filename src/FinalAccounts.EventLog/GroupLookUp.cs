using System.Data;

namespace FinalAccounts.EventLog;

/// <summary>What the database has on the command ids and streams of appends. The head must be locked, so that it stays true.</summary>
internal sealed class GroupLookUp(LogSession session, string schema, LogCatalog catalog)
{
    public async Task<GroupKnowledge> RunAsync(List<PendingAppend> group, IReadOnlySet<short> archived)
    {
        var stored = await FindCommandsAsync([.. group.Select(a => a.Request.CommandId)]);
        var commands = new Dictionary<PendingAppend, KnownCommand>();
        foreach (var append in group)
        {
            if (stored.TryGetValue(append.Request.CommandId, out var command))
            {
                commands[append] = new(command.First, command.Events, append.Events == command.Events && await IsSameAsync(append.Request, command.First, command.Events));
            }
        }

        return new(commands, await ReadVersionsAsync(group), archived);
    }

    /// <summary>First position and number of events of each command id that was appended under.</summary>
    public async Task<Dictionary<Guid, (long First, int Events)>> FindCommandsAsync(Guid[] ids)
    {
        var found = new Dictionary<Guid, (long, int)>();
        await using var select = session.Command(
            $"""
            select command_id, position - command_events + 1, command_events from {schema}.events where command_id = any($1) and command_events > 0
            union all select command_id, last_position - events + 1, events from {schema}.archived_commands where command_id = any($1)
            """);
        select.Parameters.Add(new() { Value = ids });
        await using var reader = await select.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            found[reader.GetGuid(0)] = (reader.GetInt64(1), reader.GetInt32(2));
        }

        return found;
    }

    /// <summary>True when the stored events are those of the request, whatever versions it expects. Of those whose year is archived
    /// nothing is there to compare; their id is enough.</summary>
    private async Task<bool> IsSameAsync(AppendRequest request, long first, int events)
    {
        await catalog.ReadAsync(session.Connection, CancellationToken.None);
        await using var select = session.Command(
            $"""
            select position, stream_id, type_id, actor_id, schema_version, accounting_date, body from {schema}.events
            where position >= $1 and position < $2 order by position
            """);
        select.Parameters.Add(new() { Value = first });
        select.Parameters.Add(new() { Value = first + events });
        await using var reader = await select.ExecuteReaderAsync(CommandBehavior.SequentialAccess);
        var asked = request.Streams.SelectMany(s => s.Events, (s, e) => (s.Stream, Event: e)).ToList();
        while (await reader.ReadAsync())
        {
            var (stream, e) = asked[(int)(reader.GetInt64(0) - first)];
            if (!catalog.TryStream(reader.GetInt32(1), out var s) || s.Text != stream
                || !catalog.TryType(reader.GetInt16(2), out var type) || type.Text != e.Type
                || !catalog.TryActor(reader.GetInt32(3), out var actor) || actor.Text != request.Actor
                || reader.GetInt16(4) != e.SchemaVersion
                || PgTime.ReadDays(reader, 5) != EventHash.Days(e.AccountingDate)
                || !reader.GetFieldValue<byte[]>(6).AsSpan().SequenceEqual(e.Body))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<Dictionary<string, int>> ReadVersionsAsync(List<PendingAppend> group)
    {
        var versions = new Dictionary<string, int>(StringComparer.Ordinal);
        await using var select = session.Command($"select stream, version from {schema}.streams where stream = any($1)");
        select.Parameters.Add(new() { Value = group.SelectMany(a => a.Request.Streams, (_, s) => s.Stream).Distinct().ToArray() });
        await using var reader = await select.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            versions[reader.GetString(0)] = reader.GetInt32(1);
        }

        return versions;
    }
}
