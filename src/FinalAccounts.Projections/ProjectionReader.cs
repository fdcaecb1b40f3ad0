using System.Data;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Reporting;
using NodaTime;
using Npgsql;

namespace FinalAccounts.Projections;

/// <summary>Where a region's tables stand.</summary>
/// <param name="Head">The last event of the log.</param>
/// <param name="Live">The generation that is read; null when no projector has ever run.</param>
/// <param name="Beside">The others: being built, stopped, or being removed.</param>
public sealed record ProjectionStatus(LogPoint Head, Generation? Live, IReadOnlyList<Generation> Beside)
{
    /// <summary>The last position that is in the tables.</summary>
    public long Position => Live?.Position ?? 0;

    /// <summary>How many events the tables are behind.</summary>
    public long EventsBehind => Math.Max(0, Head.Position - Position);

    /// <summary>How much time lies between the last event in the tables and the last of the log, as the log has recorded them; zero when nothing is missing.</summary>
    public Duration TimeBehind => EventsBehind == 0 || Live is null ? Duration.Zero : Head.RecordedAt - Live.RecordedAt;
}

/// <summary>What has changed in a region's tables, all as of one position.</summary>
/// <param name="Position">The last position that is in the tables.</param>
/// <param name="Generation">The generation that was read. When it is another than the time before, everything is to be read again.</param>
/// <param name="Departments">In no order.</param>
public sealed record RegionChanges(
    long Position,
    int Generation,
    IReadOnlyList<DepartmentEntry> Departments,
    IReadOnlyList<YearOverview> Years,
    IReadOnlyList<MemberList> Lists);

/// <summary>Reads a region's tables. What is read together is of one generation and as of one position.</summary>
[SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
public sealed class ProjectionReader(NpgsqlDataSource dataSource, RegionCode region)
{
    private readonly string schema = LogSchema.NameOf(region);

    /// <summary>Where the tables stand.</summary>
    /// <param name="log">The region's.</param>
    /// <exception cref="NpgsqlException">The database can't be reached.</exception>
    /// <exception cref="LogUnavailableException">The log can't be reached.</exception>
    public async Task<ProjectionStatus> ReadStatusAsync(IEventLog log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(log);
        IReadOnlyList<Generation> all;
        await using (var connection = await dataSource.OpenConnectionAsync(cancellationToken))
        {
            all = await new Generations(region).ReadAsync(connection, cancellationToken);
        }

        // Read last, so that the head is never behind the tables.
        var head = await log.ReadPointAsync(cancellationToken);
        return new(head, all.FirstOrDefault(g => g.IsLive), [.. all.Where(g => !g.IsLive)]);
    }

    /// <summary>Waits until everything up to a position is in the tables, so that who has recorded something reads it.</summary>
    /// <returns>False when that is not so after the time.</returns>
    /// <exception cref="ProjectionStoppedException">The projection stands before that position and does not go on.</exception>
    /// <exception cref="NpgsqlException">The database can't be reached.</exception>
    public async Task<bool> WaitForAsync(long position, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var generations = new Generations(region);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        while (true)
        {
            var live = (await generations.ReadAsync(connection, cancellationToken)).FirstOrDefault(g => g.IsLive);
            if (live is not null && live.Position >= position)
            {
                return true;
            }

            if (live is { State: GenerationState.Stopped })
            {
                throw new ProjectionStoppedException(region, live);
            }

            if (Stopwatch.GetElapsedTime(began) >= atMost)
            {
                return false;
            }

            await Task.Delay(ProjectionLimits.WaitInterval, cancellationToken);
        }
    }

    /// <summary>The departments and years that have events behind a position, and the lists of members determined behind it.</summary>
    /// <param name="after">0 for all.</param>
    /// <exception cref="NpgsqlException">The database can't be reached.</exception>
    public async Task<RegionChanges> ReadChangesAsync(long after, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var live = (await new Generations(region).ReadAsync(connection, cancellationToken)).FirstOrDefault(g => g.IsLive);
        if (live is null)
        {
            return new(0, 0, [], [], []);
        }

        var departments = await ReadAsync(
            connection,
            $"select department, registration, profile, version, last_position from {schema}.departments where generation = $1 and last_position > $2",
            KnownBooks.ReadDepartment,
            cancellationToken,
            live.Number,
            after);
        var years = await ReadAsync(
            connection,
            $"select {KnownBooks.YearColumns} from {schema}.department_years where generation = $1 and last_position > $2",
            KnownBooks.ReadOverview,
            cancellationToken,
            live.Number,
            after);
        var lists = await ReadAsync(
            connection,
            $"""
            select department, fiscal_year, position, recorded_at, accounting_date - date '1970-01-01', members from {schema}.member_lists
             where generation = $1 and position > $2 order by position
            """,
            ReadList,
            cancellationToken,
            live.Number,
            after);
        return new(live.Position, live.Number, departments, years, lists);
    }

    /// <summary>The sums of a department's year; empty when nothing of it is in the tables.</summary>
    /// <exception cref="NpgsqlException">The database can't be reached.</exception>
    public async Task<YearTotals> ReadTotalsAsync(DepartmentCode department, FiscalYear year, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var sums = await ReadAsync(
            connection,
            $"""
            select k.measure, k.function, k.economic, k.fund, k.kind, k.project, k.source, k.name, k.counterparty, f.value
              from {schema}.facts f join {schema}.fact_keys k using (key_id)
             where f.generation = (select generation from {schema}.projections where name = $1 and is_live)
               and f.fiscal_year = $2 and f.department = $3
            """,
            reader => KeyValuePair.Create(FactKeyIds.Read(reader, 0), KnownBooks.ReadAmount(reader, 9)),
            cancellationToken,
            Generations.Name,
            (short)year.Value,
            department.ToString());
        return new(department, year, new Dictionary<FactKey, Int128>(sums));
    }

    /// <summary>The sums of a year over all departments, by month.</summary>
    /// <exception cref="NpgsqlException">The database can't be reached.</exception>
    public async Task<IReadOnlyDictionary<MonthKey, Int128>> ReadMonthsAsync(FiscalYear year, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return new Dictionary<MonthKey, Int128>(await ReadAsync(
            connection,
            $"""
            select f.month, f.value, k.measure, k.function, k.economic, k.fund, k.kind, k.project, k.source, k.name, k.counterparty
              from {schema}.region_facts f join {schema}.fact_keys k using (key_id)
             where f.generation = (select generation from {schema}.projections where name = $1 and is_live) and f.fiscal_year = $2
            """,
            reader => KeyValuePair.Create(new MonthKey(year, reader.GetInt16(0), FactKeyIds.Read(reader, 2)), KnownBooks.ReadAmount(reader, 1)),
            cancellationToken,
            Generations.Name,
            (short)year.Value));
    }

    private static MemberList ReadList(NpgsqlDataReader reader) => new(
        new(reader.GetString(0)),
        new(reader.GetInt16(1)),
        reader.GetInt64(2),
        Instant.FromDateTimeUtc(reader.GetDateTime(3)),
        new LocalDate(1970, 1, 1).PlusDays(reader.GetInt32(4)),
        [.. reader.GetFieldValue<string[]>(5).Select(code => new DepartmentCode(code))]);

    private static async Task<List<T>> ReadAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        return rows;
    }
}
