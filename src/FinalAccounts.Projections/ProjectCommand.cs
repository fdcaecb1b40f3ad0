using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;
using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace FinalAccounts.Projections;

/// <summary>The call of <c>project</c>: takes a generation from one position to another, all or nothing, in one round trip.</summary>
internal static class ProjectCommand
{
    private static readonly NpgsqlDbType[] Types =
    [
        NpgsqlDbType.Text, NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.TimestampTz, NpgsqlDbType.TimestampTz,
        .. Arrays(NpgsqlDbType.Smallint, NpgsqlDbType.Text, NpgsqlDbType.Integer, NpgsqlDbType.Numeric),
        .. Arrays(NpgsqlDbType.Smallint, NpgsqlDbType.Smallint, NpgsqlDbType.Integer, NpgsqlDbType.Numeric),
        .. Arrays(NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Text, NpgsqlDbType.Text),
        .. Arrays(NpgsqlDbType.Text, NpgsqlDbType.Smallint, NpgsqlDbType.Smallint, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.TimestampTz),
        .. Arrays(NpgsqlDbType.Numeric, NpgsqlDbType.Numeric, NpgsqlDbType.Numeric, NpgsqlDbType.Numeric, NpgsqlDbType.Text, NpgsqlDbType.Bigint),
        .. Arrays(NpgsqlDbType.Smallint, NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.TimestampTz, NpgsqlDbType.Date, NpgsqlDbType.Text),
    ];

    /// <summary>The call, without values.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    public static async Task<NpgsqlCommand> PrepareAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand($"select {schema}.project({string.Join(", ", Types.Select((_, i) => $"${i + 1}"))})", connection);
        foreach (var type in Types)
        {
            command.Parameters.Add(new() { NpgsqlDbType = type });
        }

        await command.PrepareAsync(cancellationToken);
        return command;
    }

    /// <param name="recordedAt">Of the event at <paramref name="to"/>.</param>
    public static void Fill(
        NpgsqlCommand command, int generation, long from, long to, Instant recordedAt, Instant now, TableChanges changes, FactKeyIds keys)
    {
        // In the order of the index, so that neighbouring rows are found on the same pages.
        var months = changes.Months.OrderBy(m => m.Key.Year).ThenBy(m => m.Key.Month).ThenBy(m => keys[m.Key.Key]).ToList();
        var facts = changes.Facts.ConvertAll(f => (Year: (short)f.Year.Value, Department: f.Department.ToString(), Key: keys[f.Key], f.Change));
        facts.Sort((a, b) => (a.Year - b.Year, string.CompareOrdinal(a.Department, b.Department)) switch
        {
            (0, 0) => a.Key.CompareTo(b.Key),
            (0, var department) => department,
            (var year, _) => year,
        });
        object[] values =
        [
            Generations.Name, generation, from, to, Time(recordedAt), Time(now),

            Column(facts, f => f.Year),
            Column(facts, f => f.Department),
            Column(facts, f => f.Key),
            Column(facts, f => (BigInteger)f.Change),

            Column(months, m => (short)m.Key.Year.Value),
            Column(months, m => (short)m.Key.Month),
            Column(months, m => keys[m.Key.Key]),
            Column(months, m => (BigInteger)m.Value),

            Column(changes.Departments, d => d.Code.ToString()),
            Column(changes.Departments, d => d.Name),
            Column(changes.Departments, d => d.Version),
            Column(changes.Departments, d => d.LastPosition),
            Column(changes.Departments, d => Body(d.State.Registration)),
            Column(changes.Departments, d => Body(d.State.Profile)),

            Column(changes.Years, y => y.Department.ToString()),
            Column(changes.Years, y => (short)y.Year.Value),
            Column(changes.Years, y => (short)y.Status),
            Column(changes.Years, y => y.Version),
            Column(changes.Years, y => y.LastPosition),
            Column(changes.Years, y => Time(y.LastRecordedAt)),
            Column(changes.Years, y => (BigInteger)y.Budget),
            Column(changes.Years, y => (BigInteger)y.AdjustedBudget),
            Column(changes.Years, y => (BigInteger)y.Income),
            Column(changes.Years, y => (BigInteger)y.Expenditure),
            Column(changes.Years, y => Body(y.Published)),
            Column(changes.Years, y => y.PublishedAt),

            Column(changes.Lists, l => (short)l.Year.Value),
            Column(changes.Lists, l => l.Department.ToString()),
            Column(changes.Lists, l => l.Position),
            Column(changes.Lists, l => Time(l.RecordedAt)),
            Column(changes.Lists, l => DateOnly.FromDayNumber(Period.DaysBetween(new LocalDate(1, 1, 1), l.Date))),
            Column(changes.Lists, l => string.Join(',', l.Members)),
        ];
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }
    }

    /// <summary>An event as it is stored; null for none.</summary>
    internal static string? Body(LedgerEvent? @event) => @event is null ? null : Encoding.UTF8.GetString(EventCodec.Encode(@event).Body);

    internal static DateTime Time(Instant instant) => instant.ToDateTimeUtc();

    private static T[] Column<TRow, T>(List<TRow> rows, Func<TRow, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(rows[i]);
        }

        return column;
    }

    private static IEnumerable<NpgsqlDbType> Arrays(params NpgsqlDbType[] types) => types.Select(t => t | NpgsqlDbType.Array);
}
