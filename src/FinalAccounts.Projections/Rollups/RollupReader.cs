using System.Data;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Rollups;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace FinalAccounts.Projections.Rollups;

/// <summary>A department's part of what is rolled up.</summary>
/// <param name="Name">As it was registered; its code until it is.</param>
public sealed record RollupDepartment(DepartmentCode Code, string Name, YearStatus Status, RollupAmounts Amounts);

/// <summary>A fiscal year of all departments.</summary>
/// <param name="Departments">How many have books of the year, by how far they have come.</param>
public sealed record RollupYear(FiscalYear Year, IReadOnlyDictionary<YearStatus, int> Departments, RollupAmounts Amounts)
{
    /// <summary>The years of several regions in one list, in their order.</summary>
    public static IReadOnlyList<RollupYear> Sum(IReadOnlyList<IReadOnlyList<RollupYear>> regions) =>
    [
        .. regions.SelectMany(years => years).GroupBy(y => y.Year).OrderBy(same => same.Key).Select(same => new RollupYear(
            same.Key,
            same.SelectMany(y => y.Departments).GroupBy(d => d.Key).ToDictionary(d => d.Key, d => d.Sum(n => n.Value)),
            same.Select(y => y.Amounts).Aggregate(RollupAmounts.Add))),
    ];
}

/// <summary>
/// Reads one state of the tables: all that one reader says is as of the same position. Sums are added up in the database from the facts
/// that the projection keeps; what an event means stays with <see cref="EventFacts"/>.
/// </summary>
[SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
public sealed class RollupReader : IAsyncDisposable
{
    /// <summary>The measures of a table.</summary>
    private static readonly Measure[] Shown =
        [Measure.InitialBudget, Measure.Supplement, Measure.Withdrawal, Measure.Reallocation, Measure.Income, Measure.Expenditure];

    /// <summary>Which keys count, by the parameters 3 to 7.</summary>
    private const string Selected =
        """
        k.measure = any($3) and ($4::text is null or starts_with(k.function, $4)) and ($5::text is null or starts_with(k.economic, $5))
           and ($6::smallint is null or k.fund = $6) and ($7::smallint is null or k.kind = $7)
        """;

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;
    private readonly string schema;

    private RollupReader(NpgsqlConnection connection, NpgsqlTransaction transaction, string schema, RollupStanding standing)
    {
        (this.connection, this.transaction, this.schema) = (connection, transaction, schema);
        Standing = standing;
    }

    /// <summary>As of which position everything is.</summary>
    public RollupStanding Standing { get; }

    internal static async Task<RollupReader> OpenAsync(NpgsqlDataSource dataSource, string schema, long head, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            try
            {
                // One snapshot: a batch that is projected meanwhile is in all answers, or in none.
                var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
                await using (var plans = new NpgsqlCommand("set local enable_nestloop = off; set local enable_sort = off", connection))
                {
                    // While statistics of a rebuilt generation are missing, the server takes its facts for few: it would read all of them once for
                    // each key, or sort them before it adds them up.
                    await plans.ExecuteNonQueryAsync(cancellationToken);
                }

                return new(connection, transaction, schema, await ReadStandingAsync(connection, schema, head, cancellationToken));
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw new LogUnavailableException($"The tables of {schema} can't be read: {e.Message}", e);
        }
    }

    /// <summary>The years of which something is recorded, in order.</summary>
    public async Task<IReadOnlyList<RollupYear>> YearsAsync(CancellationToken cancellationToken)
    {
        var rows = await QueryAsync(
            $"""
            select fiscal_year, status, count(*), sum(budget), sum(adjusted_budget), sum(income), sum(expenditure)
              from {schema}.department_years where generation = $1 group by fiscal_year, status
            """,
            r => (Year: new FiscalYear(r.GetInt16(0)), Status: (YearStatus)r.GetInt16(1), Count: (int)r.GetInt64(2), Amounts: Overview(r, 3)),
            [Number(Standing.Generation)],
            cancellationToken);
        return
        [
            .. rows.GroupBy(r => r.Year).OrderBy(g => g.Key).Select(g => new RollupYear(
                g.Key, g.ToDictionary(r => r.Status, r => r.Count), g.Aggregate(default(RollupAmounts), (sum, r) => sum + r.Amounts))),
        ];
    }

    /// <summary>A table over all departments.</summary>
    /// <param name="selection">The part that counts.</param>
    /// <exception cref="ArgumentException">It combines functional codes and economic items, which the region's sums keep apart.</exception>
    public async Task<RollupTable> TableAsync(FiscalYear year, RollupAspect aspect, RollupSelection selection, CancellationToken cancellationToken)
    {
        var byEconomic = aspect == RollupAspect.Economic || selection.Economic is not null;
        var table = RollupTable.Of(year, aspect, await SumsAsync(year, byEconomic, Shown, selection, cancellationToken));
        return table with { HasIncome = table.HasIncome && selection.HasIncome };
    }

    /// <summary>What was booked month by month.</summary>
    /// <param name="selection">The part that counts.</param>
    /// <exception cref="ArgumentException">It combines functional codes and economic items, which the region's sums keep apart.</exception>
    public async Task<RollupProgress> ProgressAsync(FiscalYear year, RollupSelection selection, CancellationToken cancellationToken) =>
        RollupProgress.Of(year, await QueryAsync(
            $"select f.month, k.measure, sum(f.value) from {RegionSums(selection.Economic is not null, selection)} group by f.month, k.measure",
            r => ((int)r.GetInt16(0), (Measure)r.GetInt16(1), Amount(r, 2)),
            Parameters(year, Shown, selection),
            cancellationToken));

    /// <summary>The departments that have any of the part, the largest expenditure first.</summary>
    /// <param name="selection">The part that counts; with <see cref="RollupSelection.All"/> all that have books of the year.</param>
    public async Task<IReadOnlyList<RollupDepartment>> DepartmentsAsync(FiscalYear year, RollupSelection selection, CancellationToken cancellationToken)
    {
        var all = await AllDepartmentsAsync(year, cancellationToken);
        if (!selection.IsAll)
        {
            var parts = (await QueryAsync(
                $"""
                select f.department, k.measure, sum(f.value) from {schema}.facts f join {schema}.fact_keys k using (key_id)
                 where f.generation = $1 and f.fiscal_year = $2 and {Selected} group by f.department, k.measure
                """,
                r => (Code: new DepartmentCode(r.GetString(0)), Measure: (Measure)r.GetInt16(1), Value: Amount(r, 2)),
                Parameters(year, Shown, selection),
                cancellationToken)).ToLookup(p => p.Code);
            all =
            [
                .. all.Select(d => d with { Amounts = parts[d.Code].Aggregate(default(RollupAmounts), (sum, p) => sum.With(p.Measure, p.Value)) })
                    .Where(d => !d.Amounts.IsNothing),
            ];
        }

        return [.. all.OrderByDescending(d => d.Amounts.Expenditure).ThenBy(d => d.Code.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>All departments with books of the year, in order of their codes.</summary>
    internal async Task<IReadOnlyList<RollupDepartment>> AllDepartmentsAsync(FiscalYear year, CancellationToken cancellationToken) =>
        await QueryAsync(
            $"""
            select y.department, coalesce(d.name, y.department), y.status, y.budget, y.adjusted_budget, y.income, y.expenditure
              from {schema}.department_years y left join {schema}.departments d on d.generation = y.generation and d.department = y.department
             where y.generation = $1 and y.fiscal_year = $2 order by y.department
            """,
            r => new RollupDepartment(new(r.GetString(0)), r.GetString(1), (YearStatus)r.GetInt16(2), Overview(r, 3)),
            [Number(Standing.Generation), Year(year)],
            cancellationToken);

    /// <summary>Sums over all departments.</summary>
    /// <param name="byEconomic">With economic items and without functional codes, or the other way round.</param>
    internal Task<IReadOnlyList<KeyValuePair<FactKey, Int128>>> SumsAsync(
        FiscalYear year, bool byEconomic, IReadOnlyList<Measure> measures, RollupSelection selection, CancellationToken cancellationToken) =>
        QueryAsync(
            $"select k.measure, k.function, k.economic, k.fund, k.kind, sum(f.value) from {RegionSums(byEconomic, selection)} group by 1, 2, 3, 4, 5",
            r => KeyValuePair.Create(Key(r), Amount(r, 5)),
            Parameters(year, measures, selection),
            cancellationToken);

    /// <summary>Sums over some departments, each by itself.</summary>
    internal Task<IReadOnlyList<(DepartmentCode Department, FactKey Key, Int128 Value)>> SumsOfAsync(
        FiscalYear year, Measure measure, IEnumerable<DepartmentCode> departments, CancellationToken cancellationToken) =>
        QueryAsync(
            $"""
            select k.measure, k.function, k.economic, null::smallint, null::smallint, sum(f.value), f.department
              from {schema}.facts f join {schema}.fact_keys k using (key_id)
             where f.generation = $1 and f.fiscal_year = $2 and k.measure = $3 and f.department = any($4) group by 1, 2, 3, 7
            """,
            r => (new DepartmentCode(r.GetString(6)), Key(r), Amount(r, 5)),
            [Number(Standing.Generation), Year(year), new() { Value = (short)measure }, new() { Value = departments.Select(d => d.ToString()).ToArray() }],
            cancellationToken);

    /// <summary>Figures of the year before that were imported: by department and name.</summary>
    /// <param name="names">Names of facts that are asked for.</param>
    /// <param name="prefixes">What names may begin with.</param>
    internal Task<IReadOnlyList<(DepartmentCode Department, string Name, Int128 Value)>> ComparativesAsync(
        FiscalYear year, IReadOnlyList<string> names, IReadOnlyList<string> prefixes, CancellationToken cancellationToken) =>
        QueryAsync(
            $"""
            select f.department, k.name, f.value from {schema}.fact_keys k join {schema}.facts f using (key_id)
             where f.generation = $1 and f.fiscal_year = $2 and k.measure = $3
               and (k.name = any($4) or exists (select from unnest($5) as p (prefix) where starts_with(k.name, p.prefix)))
            """,
            r => (new DepartmentCode(r.GetString(0)), r.GetString(1), Amount(r, 2)),
            [
                Number(Standing.Generation), Year(year), new() { Value = (short)Measure.Comparative },
                new() { Value = names.ToArray() }, new() { Value = prefixes.ToArray() },
            ],
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    /// <summary>The region's sums that count: those by function, or those by economic item (<see cref="RegionFacts.PartsOf"/>).</summary>
    private string RegionSums(bool byEconomic, RollupSelection selection)
    {
        if (byEconomic ? selection.Function is not null : selection.Economic is not null)
        {
            throw new ArgumentException("The region's sums are kept by function and by economic item apart.", nameof(selection));
        }

        return $"""
            {schema}.region_facts f join {schema}.fact_keys k using (key_id)
             where f.generation = $1 and f.fiscal_year = $2 and k.function is {(byEconomic ? "null" : "not null")} and {Selected}
            """;
    }

    private NpgsqlParameter[] Parameters(FiscalYear year, IReadOnlyList<Measure> measures, RollupSelection selection) =>
    [
        Number(Standing.Generation), Year(year), new() { Value = measures.Select(m => (short)m).ToArray() },
        Nullable(NpgsqlDbType.Text, selection.Function?.ToString()), Nullable(NpgsqlDbType.Text, selection.Economic?.ToString()),
        Nullable(NpgsqlDbType.Smallint, (short?)selection.Fund), Nullable(NpgsqlDbType.Smallint, (short?)selection.Kind),
    ];

    private static async Task<RollupStanding> ReadStandingAsync(NpgsqlConnection connection, string schema, long head, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"select generation, position, recorded_at, error from {schema}.projections where is_live", connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new(
                row.GetInt32(0), row.GetInt64(1), Instant.FromDateTimeUtc(row.GetDateTime(2)), Math.Max(head, row.GetInt64(1)),
                await row.IsDBNullAsync(3, cancellationToken) ? null : row.GetString(3))
            : throw new RollupsNotBuiltException();
    }

    private async Task<IReadOnlyList<T>> QueryAsync<T>(
        string sql, Func<NpgsqlDataReader, T> row, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.AddRange(parameters);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            List<T> rows = [];
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(row(reader));
            }

            return rows;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw new LogUnavailableException($"The tables of {schema} can't be read: {e.Message}", e);
        }
    }

    private static RollupAmounts Overview(NpgsqlDataReader row, int column) =>
        new(Amount(row, column), Amount(row, column + 1) - Amount(row, column), Amount(row, column + 2), Amount(row, column + 3));

    private static FactKey Key(NpgsqlDataReader row) => new(
        (Measure)row.GetInt16(0),
        row.IsDBNull(1) ? null : new FunctionCode(row.GetString(1)),
        row.IsDBNull(2) ? null : new EconomicCode(row.GetString(2)),
        row.IsDBNull(3) ? null : (Fund)row.GetInt16(3),
        row.IsDBNull(4) ? null : (SpendingKind)row.GetInt16(4));

    private static Int128 Amount(NpgsqlDataReader row, int column) => (Int128)row.GetFieldValue<BigInteger>(column);

    private static NpgsqlParameter Number(int value) => new() { Value = value };

    private static NpgsqlParameter Year(FiscalYear year) => new() { Value = (short)year.Value };

    private static NpgsqlParameter Nullable<T>(NpgsqlDbType type, T value) => new() { NpgsqlDbType = type, Value = value as object ?? DBNull.Value };
}
