using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Reporting;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace FinalAccounts.Projections;

/// <summary>How far a rebuild has come.</summary>
/// <param name="Events">Events read.</param>
/// <param name="InAll">Where the log stood when the rebuild began.</param>
public sealed record BuildProgress(long Events, long InAll);

/// <summary>
/// Fills an empty generation from the whole log: reads it over several connections, sums it up in memory, and writes each sum once, in one
/// transaction. Archived years are taken over from the generation that is read. A process that is killed on the way leaves the generation empty.
/// </summary>
[SuppressMessage("Security", "CA2100", Justification = "The only variable parts are a schema name of digits and names of our own tables.")]
internal sealed class Building(NpgsqlDataSource dataSource, IEventLog log, RegionCode region, IClock clock)
{
    private const int YearsAtATime = 256;

    private static readonly (string Table, string Columns)[] OfYears =
    [
        ("facts", "fiscal_year, department, key_id, value"),
        ("region_facts", "fiscal_year, month, key_id, value"),
        ("department_years", KnownBooks.YearColumns),
        ("member_lists", "fiscal_year, department, position, recorded_at, accounting_date, members"),
    ];

    private static readonly int Workers = Math.Min(Environment.ProcessorCount, LogLimits.ScanHandlers);

    private readonly string schema = LogSchema.NameOf(region);
    private readonly FactKeyIds keys = new(LogSchema.NameOf(region));

    /// <returns>The position that the generation stands at now.</returns>
    /// <exception cref="EventsArchivedException">Years are archived, and what the live generation has of them can't be taken over.</exception>
    /// <exception cref="PoisonException">An event can't be taken; there may be others before it.</exception>
    /// <exception cref="LogDamagedException">The log is not what was written.</exception>
    /// <exception cref="LogUnavailableException">The generation is not empty any more, or the database can't be reached.</exception>
    public async Task<long> FillAsync(int generation, IProgress<BuildProgress>? progress, CancellationToken cancellationToken)
    {
        var yearChanges = await ReadYearChangesAsync(cancellationToken);
        var head = await log.ReadHeadAsync(cancellationToken);
        var parts = Enumerable.Range(0, Workers).Select(_ => new Part()).ToList();
        await log.ScanAllAsync(
            head, [.. parts.Select(p => (ScannedEventHandler)p.Take)],
            progress is null ? null : new Counter(head.Position, progress), cancellationToken);
        var said = parts.ConvertAll(p => p.Facts.Drain());
        var recorded = Instant.FromUnixTimeTicks(parts.Max(p => p.LastRecordedMicroseconds) * 10);

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await MoveAsync(connection, generation, head.Position, recorded, cancellationToken);
        await WriteAsync(connection, generation, said, cancellationToken);
        await CarryOverArchivedAsync(connection, generation, yearChanges, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return head.Position;
    }

    /// <summary>How often a year was archived or restored.</summary>
    private async Task<int> ReadYearChangesAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"select year_changes from {schema}.head where id = 1");
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>What is archived can't be read again: it is taken from the generation that is read, if that has taken all of it.</summary>
    /// <exception cref="EventsArchivedException">The live generation does not have all events of the archived years, or a program that makes
    /// other facts of them has filled it.</exception>
    /// <exception cref="LogUnavailableException">A year was archived or restored meanwhile, so that a part of it may have been read.</exception>
    private async Task CarryOverArchivedAsync(NpgsqlConnection connection, int generation, int yearChanges, CancellationToken cancellationToken)
    {
        var live = (await new Generations(region).ReadAsync(connection, cancellationToken)).Single(g => g.IsLive);
        await using var missing = new NpgsqlCommand(
            $"""
            select coalesce(sum(a.events - coalesce((select sum(y.version) from {schema}.department_years y
                                                      where y.generation = $1 and y.fiscal_year = a.fiscal_year), 0)), 0)::bigint,
                   count(*)
              from {schema}.archives a
            """,
            connection)
        {
            Parameters = { new() { Value = live.Number } },
        };
        await using (var reader = await missing.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            if (reader.GetInt64(0) != 0 || (reader.GetInt64(1) > 0 && live.Definition != Generations.Definition))
            {
                throw new EventsArchivedException();
            }
        }

        foreach (var (table, columns) in OfYears)
        {
            await using var copy = new NpgsqlCommand(
                $"""
                insert into {schema}.{table} (generation, {columns}) select $1, {columns} from {schema}.{table}
                 where generation = $2 and fiscal_year in (select a.fiscal_year from {schema}.archives a)
                """,
                connection)
            {
                CommandTimeout = 0,
                Parameters = { new() { Value = generation }, new() { Value = live.Number } },
            };
            await copy.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var check = new NpgsqlCommand($"select year_changes from {schema}.head where id = 1", connection);
        if ((int)(await check.ExecuteScalarAsync(cancellationToken))! != yearChanges)
        {
            throw new LogUnavailableException($"A year of {schema} was archived or restored meanwhile.", null);
        }
    }

    /// <summary>First of all, so that of two who fill the same generation one waits and then finds it filled.</summary>
    private async Task MoveAsync(NpgsqlConnection connection, int generation, long position, Instant recordedAt, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            update {schema}.projections set position = $3, recorded_at = $4, updated_at = $5
             where name = $1 and generation = $2 and position = 0 and state = 'building'
            """,
            connection)
        {
            CommandTimeout = 0,
            Parameters =
            {
                new() { Value = Generations.Name }, new() { Value = generation }, new() { Value = position },
                new() { Value = ProjectCommand.Time(recordedAt) }, new() { Value = ProjectCommand.Time(clock.GetCurrentInstant()) },
            },
        };
        if (await command.ExecuteNonQueryAsync(cancellationToken) != 1)
        {
            throw new LogUnavailableException($"Generation {generation} of {schema} is not to be filled any more.", null);
        }
    }

    private async Task WriteAsync(NpgsqlConnection connection, int generation, List<Tallied> said, CancellationToken cancellationToken)
    {
        TableChanges changes = new();
        foreach (var (key, value) in said.SelectMany(s => s.Months))
        {
            changes.AddMonth(key, value);
        }

        var streams = said.SelectMany(s => s.Streams).GroupBy(s => (s.Department, s.Year)).Select(s => Merge([.. s])).ToLookup(s => s.Year is null);
        var departments = new Dictionary<DepartmentCode, IReadOnlyList<RecordedEvent>>();
        foreach (var stream in streams[true])
        {
            BooksFold.TakeDepartment(new(new(stream.Department, DepartmentState.Unknown, 0, 0)), stream, changes);
            departments.Add(stream.Department, stream.Others);
        }

        await WriteFactsAsync(connection, generation, streams[false], departments, changes, cancellationToken);
        await using (var lookUp = await dataSource.OpenConnectionAsync(cancellationToken))
        {
            await keys.LookUpAsync(lookUp, changes.Months.Keys.Select(m => m.Key), cancellationToken);
        }

        await WriteOthersAsync(connection, generation, changes, cancellationToken);
    }

    /// <summary>Years are folded and written some at a time, because their facts take far more room than what else there is of them.</summary>
    private async Task WriteFactsAsync(
        NpgsqlConnection connection, int generation, IEnumerable<TalliedStream> years,
        Dictionary<DepartmentCode, IReadOnlyList<RecordedEvent>> departments, TableChanges changes, CancellationToken cancellationToken)
    {
        await using var lookUp = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var facts = await BeginAsync(connection, "facts (generation, fiscal_year, department, key_id, value)", cancellationToken);
        foreach (var some in years.OrderBy(y => y.Year).ThenBy(y => y.Department.ToString(), StringComparer.Ordinal).Chunk(YearsAtATime))
        {
            foreach (var year in some)
            {
                BooksFold.TakeYear(
                    new(YearOverview.Of(year.Department, year.Year!.Value)), year, departments.GetValueOrDefault(year.Department, []), 0, changes);
            }

            await keys.LookUpAsync(lookUp, changes.Facts.Select(f => f.Key), cancellationToken);
            await Task.Run(() => changes.Facts.ForEach(f => Row(facts, generation, f.Year, f.Department.ToString(), f.Key, f.Change)), cancellationToken);
            changes.Facts.Clear();
        }

        await facts.CompleteAsync(cancellationToken);
    }

    private async Task WriteOthersAsync(NpgsqlConnection connection, int generation, TableChanges changes, CancellationToken cancellationToken)
    {
        await using (var months = await BeginAsync(connection, "region_facts (generation, fiscal_year, month, key_id, value)", cancellationToken))
        {
            foreach (var (month, value) in changes.Months)
            {
                Row(months, generation, month.Year, (short)month.Month, month.Key, value);
            }

            await months.CompleteAsync(cancellationToken);
        }

        // What is left is written as a batch that adds nothing up and moves nothing: there is one way to write a department or a year.
        await using var command = await ProjectCommand.PrepareAsync(connection, schema, cancellationToken);
        command.CommandTimeout = 0;
        changes.Months.Clear();
        var (at, recordedAt) = await ReadPointAsync(connection, generation, cancellationToken);
        ProjectCommand.Fill(command, generation, at, at, recordedAt, clock.GetCurrentInstant(), changes, keys);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<(long Position, Instant RecordedAt)> ReadPointAsync(NpgsqlConnection connection, int generation, CancellationToken cancellationToken)
    {
        var own = (await new Generations(region).ReadAsync(connection, cancellationToken)).Single(g => g.Number == generation);
        return (own.Position, own.RecordedAt);
    }

    private async Task<NpgsqlBinaryImporter> BeginAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken) =>
        await connection.BeginBinaryImportAsync($"copy {schema}.{table} from stdin (format binary)", cancellationToken);

    /// <summary>A row of sums. An awaited write for each value would cost more than the value.</summary>
    private void Row<T>(NpgsqlBinaryImporter importer, int generation, FiscalYear year, T third, FactKey key, Int128 value)
    {
        importer.StartRow();
        importer.Write(generation);
        importer.Write((short)year.Value);
        importer.Write(third);
        importer.Write(keys[key]);
        importer.Write((BigInteger)value, NpgsqlDbType.Numeric);
    }

    /// <summary>What several tallies have seen of one stream.</summary>
    private static TalliedStream Merge(IReadOnlyList<TalliedStream> parts)
    {
        if (parts is [var only])
        {
            return only;
        }

        Dictionary<FactKey, Int128> vouchers = [];
        foreach (var (key, sum) in parts.SelectMany(p => p.Vouchers))
        {
            vouchers[key] = checked(vouchers.GetValueOrDefault(key) + sum);
        }

        return parts.MaxBy(p => p.LastPosition)! with
        {
            Events = parts.Sum(p => p.Events),
            Vouchers = [.. vouchers],
            Others = [.. parts.SelectMany(p => p.Others).OrderBy(o => o.Position)],
        };
    }

    /// <summary>What one worker sees of the log.</summary>
    private sealed class Part
    {
        public FactTally Facts { get; } = new();

        public long LastRecordedMicroseconds { get; private set; }

        public void Take(in ScannedEvent e)
        {
            LastRecordedMicroseconds = e.RecordedMicroseconds;
            try
            {
                Facts.Take(e.Position, e.Stream, e.Type, e.SchemaVersion, e.RecordedMicroseconds, e.Actor, e.Body);
            }
            catch (Exception failure)
            {
                throw new PoisonException(e.Position, failure);
            }
        }
    }

    private sealed class Counter(long inAll, IProgress<BuildProgress> progress) : IProgress<long>
    {
        private long read;

        public void Report(long value) => progress.Report(new(Interlocked.Add(ref read, value), inAll));
    }
}
