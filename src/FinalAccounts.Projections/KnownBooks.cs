using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Reporting;
using NodaTime;
using Npgsql;

namespace FinalAccounts.Projections;

/// <summary>
/// What a follower remembers of a generation between batches, so that it need not read what it has just written. Whatever it does not
/// remember it reads: states from the tables, events from the log. After any failure it is thrown away.
/// </summary>
[SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
internal sealed class KnownBooks(IEventLog log, string schema, int generation)
{
    internal const string YearColumns =
        "department, fiscal_year, status, version, last_position, last_recorded_at, budget, adjusted_budget, income, expenditure, published, published_at";

    private readonly Dictionary<(DepartmentCode Department, FiscalYear Year), KnownYear> years = [];
    private readonly Dictionary<DepartmentCode, KnownDepartment> departments = [];

    /// <summary>Makes changes of what was read.</summary>
    /// <param name="after">The checkpoint that the tables stand at.</param>
    public async Task<TableChanges> FoldAsync(
        NpgsqlConnection connection, FactTally tally, Tallied said, long after, CancellationToken cancellationToken)
    {
        ForgetIfMany();
        var masterData = said.Streams.Where(s => s.Year is null).ToList();
        var booked = said.Streams.Where(s => s.Year is not null).ToDictionary(s => (s.Department, s.Year!.Value));
        var revised = masterData.Where(s => s.Others.Any(r => r.Event is ProfileRevised))
            .ToDictionary(s => s.Department, s => s.Others.Where(r => r.Event is ProfileRevised).Min(r => r.Event.Date));
        await LoadYearsAsync(connection, booked.Keys, revised.Keys, cancellationToken);
        var folded = years.Where(y => booked.TryGetValue(y.Key, out var s) ? IsFolded(y.Value, s) : IsRevised(y.Key.Department, y.Key.Year))
            .Select(y => y.Value).ToHashSet();
        await LoadDepartmentsAsync(connection, masterData.Select(s => s.Department).Concat(folded.Select(y => y.Overview.Department)), cancellationToken);
        await LoadEventsAsync(tally, folded, after, cancellationToken);
        if (revised.Count > 0)
        {
            await LeaveArchivedAsync(connection, folded, booked.Keys, cancellationToken);
        }

        TableChanges changes = new();
        foreach (var (key, value) in said.Months)
        {
            changes.AddMonth(key, value);
        }

        masterData.ForEach(s => BooksFold.TakeDepartment(departments[s.Department], s, changes));
        foreach (var (key, year) in booked.Keys.Select(k => (k, years[k])).Concat(folded.Select(y => ((y.Overview.Department, y.Overview.Year), y))).Distinct())
        {
            BooksFold.TakeYear(year, booked.GetValueOrDefault(key), folded.Contains(year) ? departments[key.Department].Events : null, after, changes);
        }

        return changes;

        bool IsFolded(KnownYear year, TalliedStream stream) =>
            year.Overview.Version == 0 || IsRevised(stream.Department, year.Overview.Year) || stream.Others.Any(BooksFold.Restates);

        // A profile counts for no year that ended before its date.
        bool IsRevised(DepartmentCode department, FiscalYear year) => revised.TryGetValue(department, out var date) && date <= year.LastDay;
    }

    /// <summary>An overview as it stands in a row of <c>department_years</c>.</summary>
    internal static YearOverview ReadOverview(NpgsqlDataReader reader) => new(
        new(reader.GetString(0)),
        new(reader.GetInt16(1)),
        (YearStatus)reader.GetInt16(2),
        reader.GetInt64(3),
        reader.GetInt64(4),
        Instant.FromDateTimeUtc(reader.GetDateTime(5)),
        ReadAmount(reader, 6),
        ReadAmount(reader, 7),
        ReadAmount(reader, 8),
        ReadAmount(reader, 9),
        (DisclosurePublished?)Body<DisclosurePublished>(reader, 10),
        reader.IsDBNull(11) ? null : reader.GetInt64(11));

    /// <summary>A sum as it stands in a row.</summary>
    /// <exception cref="OverflowException">It is beyond <see cref="Int128"/>.</exception>
    internal static Int128 ReadAmount(NpgsqlDataReader reader, int column) => checked((Int128)reader.GetFieldValue<BigInteger>(column));

    /// <summary>A department as it stands in a row: code, registration, profile, version, last position.</summary>
    internal static DepartmentEntry ReadDepartment(NpgsqlDataReader reader) => new(
        new(reader.GetString(0)),
        DepartmentState.Fold(new[] { Body<DepartmentRegistered>(reader, 1), Body<ProfileRevised>(reader, 2) }.OfType<LedgerEvent>()),
        reader.GetInt64(3),
        reader.GetInt64(4));

    /// <summary>An event whose body stands in a row; null when none does.</summary>
    private static LedgerEvent? Body<T>(NpgsqlDataReader reader, int column)
    {
        var type = EventCodec.Types.Single(t => t.ClrType == typeof(T));
        return reader.IsDBNull(column) ? null : EventCodec.Decode(type.Alias, type.SchemaVersion, Encoding.UTF8.GetBytes(reader.GetString(column)));
    }

    private void ForgetIfMany()
    {
        var events = years.Values.Sum(y => y.Others?.Count ?? 0L) + departments.Values.Sum(d => d.Events?.Count ?? 0L);
        if (years.Count + departments.Count > ProjectionLimits.RememberedStates || events > ProjectionLimits.RememberedEvents)
        {
            years.Clear();
            departments.Clear();
        }
    }

    /// <summary>Years that are booked on, and all years of departments with a new profile.</summary>
    private async Task LoadYearsAsync(
        NpgsqlConnection connection, IEnumerable<(DepartmentCode Department, FiscalYear Year)> booked, IReadOnlyCollection<DepartmentCode> revised,
        CancellationToken cancellationToken)
    {
        var missing = booked.Where(key => !years.ContainsKey(key)).ToList();
        if (missing.Count + revised.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(
            $"""
            select {YearColumns} from {schema}.department_years
             where generation = $1 and (department, fiscal_year) in (select * from unnest($2, $3))
            union all
            select {YearColumns} from {schema}.department_years where generation = $1 and department = any($4)
            """,
            connection)
        {
            Parameters =
            {
                new() { Value = generation },
                new() { Value = missing.Select(m => m.Department.ToString()).ToArray() },
                new() { Value = missing.Select(m => (short)m.Year.Value).ToArray() },
                new() { Value = revised.Select(d => d.ToString()).ToArray() },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var overview = ReadOverview(reader);
            years.TryAdd((overview.Department, overview.Year), new(overview));
        }

        foreach (var key in missing)
        {
            years.TryAdd(key, new(YearOverview.Of(key.Department, key.Year)));
        }
    }

    private async Task LoadDepartmentsAsync(NpgsqlConnection connection, IEnumerable<DepartmentCode> wanted, CancellationToken cancellationToken)
    {
        var missing = wanted.Where(code => !departments.ContainsKey(code)).Distinct().ToList();
        if (missing.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(
            $"""
            select department, registration, profile, version, last_position from {schema}.departments
             where generation = $1 and department = any($2)
            """,
            connection)
        {
            Parameters = { new() { Value = generation }, new() { Value = missing.Select(d => d.ToString()).ToArray() } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var entry = ReadDepartment(reader);
            departments.TryAdd(entry.Code, new(entry));
        }

        foreach (var code in missing)
        {
            departments.TryAdd(code, new(new(code, DepartmentState.Unknown, 0, 0)));
        }
    }

    /// <summary>
    /// An archived year that nothing is booked on stays as it is, also when its events are still remembered: what the tables hold must not
    /// depend on that.
    /// </summary>
    private async Task LeaveArchivedAsync(
        NpgsqlConnection connection, HashSet<KnownYear> folded, IReadOnlyCollection<(DepartmentCode Department, FiscalYear Year)> booked,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select fiscal_year from {schema}.years where state = 'archived'", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var archived = reader.GetInt16(0);
            folded.RemoveWhere(y => y.Overview.Year.Value == archived && !booked.Contains((y.Overview.Department, y.Overview.Year)));
        }
    }

    /// <summary>The events up to the checkpoint that years are folded from, but for those that are archived.</summary>
    private async Task LoadEventsAsync(FactTally tally, HashSet<KnownYear> folded, long upTo, CancellationToken cancellationToken)
    {
        foreach (var year in folded.ToList())
        {
            var department = departments[year.Overview.Department];
            department.Events ??= await ReadAsync(tally, Streams.Department(department.Entry.Code), upTo, cancellationToken);
            try
            {
                year.Others ??= await ReadAsync(tally, Streams.Year(year.Overview.Department, year.Overview.Year), upTo, cancellationToken);
            }
            catch (YearArchivedException)
            {
                folded.Remove(year);
            }
        }
    }

    private async Task<List<RecordedEvent>> ReadAsync(FactTally tally, string stream, long upTo, CancellationToken cancellationToken)
    {
        List<RecordedEvent> others = [];
        await log.ScanStreamAsync(
            stream,
            1,
            (in e) =>
            {
                if (e.Position <= upTo && !tally.IsVoucher(e.Type, e.SchemaVersion))
                {
                    others.Add(new(e.Position, e.RecordedAt, e.Actor, EventCodec.Decode(e.Type, e.SchemaVersion, e.Body)));
                }
            },
            cancellationToken);
        return others;
    }
}
