using System.Diagnostics.CodeAnalysis;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;

namespace FinalAccounts.Projections;

/// <summary>What is being done with a generation of the tables.</summary>
public enum GenerationState
{
    /// <summary>It is filled beside the live one.</summary>
    Building,

    /// <summary>It follows the log.</summary>
    Running,

    /// <summary>It stands before an event that it can't take.</summary>
    Stopped,

    /// <summary>It is no longer read and is being removed.</summary>
    Retired,
}

/// <summary>A generation of the tables: one row of <c>projections</c>.</summary>
/// <param name="Number">From 1.</param>
/// <param name="IsLive">True for the one that is read.</param>
/// <param name="Position">Everything up to this position of the log is in the tables.</param>
/// <param name="RecordedAt">When the event at that position was recorded.</param>
/// <param name="Definition">What the program that fills it makes of events, <see cref="Generations.Definition"/>.</param>
/// <param name="Error">Why it stopped; null when it has not.</param>
/// <param name="ErrorPosition">The event that it can't take; null when it has not stopped or no single event is to blame.</param>
public sealed record Generation(
    int Number, bool IsLive, GenerationState State, long Position, Instant RecordedAt, int Definition, string? Error, long? ErrorPosition);

/// <summary>The generations of a region's tables. Every step is a single transaction, and only succeeds from where it is meant to begin.</summary>
[SuppressMessage("Security", "CA2100", Justification = "The only variable parts are a schema name of digits and names of our own tables.")]
internal sealed class Generations(RegionCode region)
{
    /// <summary>
    /// Raised whenever events come to mean other facts, or a number that is stored (of a <see cref="Reporting.Measure"/>, say) another thing:
    /// tables that were filled with a lower number are then built anew.
    /// </summary>
    public const int Definition = 2;

    /// <summary>The name of the one projection that there is.</summary>
    public const string Name = "books";

    private static readonly string[] Filled = ["facts", "region_facts", "departments", "department_years", "member_lists"];

    /// <summary>The schema that the tables are in.</summary>
    public string Schema { get; } = LogSchema.NameOf(region);

    /// <summary>All generations, the oldest first.</summary>
    public async Task<IReadOnlyList<Generation>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select generation, is_live, state, position, recorded_at, definition, error, error_position
              from {Schema}.projections where name = $1 order by generation
            """,
            connection)
        { Parameters = { new() { Value = Name } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<Generation> generations = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            generations.Add(new(
                reader.GetInt32(0),
                reader.GetBoolean(1),
                Enum.Parse<GenerationState>(reader.GetString(2), ignoreCase: true),
                reader.GetInt64(3),
                Instant.FromDateTimeUtc(reader.GetDateTime(4)),
                reader.GetInt32(5),
                reader.IsDBNull(6) ? null : reader.GetString(6),
                reader.IsDBNull(7) ? null : reader.GetInt64(7)));
        }

        return generations;
    }

    /// <summary>Makes the first generation, live and empty, when there is none.</summary>
    public Task BeginAsync(NpgsqlConnection connection, Instant now, CancellationToken cancellationToken) => ExecuteAsync(
        connection,
        $"""
        insert into {Schema}.projections (name, generation, is_live, state, position, recorded_at, definition, updated_at)
        values ($1, 1, true, 'running', 0, timestamptz '1970-01-01 00:00:00+00', {Definition}, $2) on conflict do nothing
        """,
        cancellationToken,
        Name,
        Time(now));

    /// <summary>Asks for a rebuild. When one is under way, nothing happens.</summary>
    public Task RequestAsync(NpgsqlConnection connection, Instant now, CancellationToken cancellationToken) => ExecuteAsync(
        connection,
        $"""
        insert into {Schema}.projections (name, generation, is_live, state, position, recorded_at, definition, updated_at)
        select $1, max(generation) + 1, false, 'building', 0, timestamptz '1970-01-01 00:00:00+00', {Definition}, $2
          from {Schema}.projections where name = $1
        having max(generation) is not null and count(*) filter (where state = 'building') = 0
            on conflict do nothing
        """,
        cancellationToken,
        Name,
        Time(now));

    /// <summary>
    /// Asks for a rebuild that reads the log as it is when the caller's transaction is committed. One that is under way may have read it before:
    /// it is given up. Until the commit nobody else moves a generation; who fills one is waited for.
    /// </summary>
    public async Task RequestAnewAsync(NpgsqlConnection connection, Instant now, CancellationToken cancellationToken)
    {
        await using (var lockAll = new NpgsqlCommand($"lock table {Schema}.projections in share row exclusive mode", connection) { CommandTimeout = 0 })
        {
            await lockAll.ExecuteNonQueryAsync(cancellationToken);
        }

        await ExecuteAsync(
            connection,
            $"update {Schema}.projections set state = 'retired', updated_at = $2 where name = $1 and not is_live and state in ('building', 'stopped')",
            cancellationToken,
            Name,
            Time(now));
        await RequestAsync(connection, now, cancellationToken);
    }

    /// <summary>Takes generations that stopped beside the live one out of the way.</summary>
    public Task RetireStoppedAsync(NpgsqlConnection connection, Instant now, CancellationToken cancellationToken) => ExecuteAsync(
        connection,
        $"update {Schema}.projections set state = 'retired', updated_at = $2 where name = $1 and not is_live and state = 'stopped'",
        cancellationToken,
        Name,
        Time(now));

    /// <summary>Says why a generation can't go on.</summary>
    public Task StopAsync(
        NpgsqlConnection connection, int number, string error, long? errorPosition, Instant now, CancellationToken cancellationToken) => ExecuteAsync(
        connection,
        $"""
        update {Schema}.projections set state = 'stopped', error = $3, error_position = $4, updated_at = $5
         where name = $1 and generation = $2 and state in ('building', 'running')
        """,
        cancellationToken,
        Name,
        number,
        error.Length > ProjectionLimits.ErrorCharacters ? error[..ProjectionLimits.ErrorCharacters] : error,
        (object?)errorPosition ?? DBNull.Value,
        Time(now));

    /// <summary>Lets a generation that stopped try again.</summary>
    public Task ResumeAsync(NpgsqlConnection connection, int number, Instant now, CancellationToken cancellationToken) => ExecuteAsync(
        connection,
        $"""
        update {Schema}.projections
           set state = case when is_live then 'running' else 'building' end, error = null, error_position = null, updated_at = $3
         where name = $1 and generation = $2 and state = 'stopped'
        """,
        cancellationToken,
        Name,
        number,
        Time(now));

    /// <summary>Makes a generation that was built the one that is read, and retires the one that was.</summary>
    /// <returns>False when it is behind the live one, or not being built any more; nothing has changed then.</returns>
    public async Task<bool> SwitchAsync(NpgsqlConnection connection, int number, Instant now, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var retired = await ExecuteAsync(
            connection,
            $"""
            update {Schema}.projections p set is_live = false, state = 'retired', updated_at = $3
             where name = $1 and is_live
               and exists (select from {Schema}.projections n
                            where n.name = $1 and n.generation = $2 and n.state = 'building' and n.position >= p.position)
            """,
            cancellationToken,
            Name,
            number,
            Time(now));
        if (retired != 1)
        {
            return false;
        }

        await ExecuteAsync(
            connection,
            $"update {Schema}.projections set is_live = true, state = 'running', updated_at = $3 where name = $1 and generation = $2",
            cancellationToken,
            Name,
            number,
            Time(now));
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Removes a retired generation, a piece at a time, so that nothing is locked for long.</summary>
    public async Task RemoveAsync(NpgsqlConnection connection, int number, CancellationToken cancellationToken)
    {
        foreach (var table in Filled)
        {
            while (await ExecuteAsync(
                connection,
                $"delete from {Schema}.{table} where ctid = any(array(select ctid from {Schema}.{table} where generation = $1 limit {ProjectionLimits.RowsPerRemoval}))",
                cancellationToken,
                number) > 0)
            {
            }
        }

        await ExecuteAsync(
            connection,
            $"delete from {Schema}.projections where name = $1 and generation = $2 and state = 'retired'",
            cancellationToken,
            Name,
            number);
    }

    private static DateTime Time(Instant instant) => instant.ToDateTimeUtc();

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
