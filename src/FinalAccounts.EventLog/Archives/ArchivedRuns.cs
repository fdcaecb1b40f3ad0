using System.Diagnostics.CodeAnalysis;
using FinalAccounts.Ledger;
using Npgsql;

namespace FinalAccounts.EventLog.Archives;

/// <summary>Positions that follow each other, whose events stand in the file of an archived year.</summary>
/// <param name="LastHash">The hash of the last one.</param>
internal sealed record ArchivedRun(long First, long Last, FiscalYear Year, byte[] LastHash);

/// <summary>Which positions of a log are away.</summary>
internal sealed class ArchivedRuns(IEnumerable<ArchivedRun> runs)
{
    /// <summary>Nothing is away.</summary>
    public static readonly ArchivedRuns None = new([]);

    private readonly ArchivedRun[] inOrder = [.. runs.OrderBy(r => r.First)];

    public IReadOnlyList<ArchivedRun> All => inOrder;

    /// <exception cref="NpgsqlException">The database can't be reached.</exception>
    public static async Task<ArchivedRuns> ReadAsync(NpgsqlDataSource dataSource, string schema, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await ReadAsync(connection, schema, cancellationToken);
    }

    /// <exception cref="NpgsqlException">The database can't be reached.</exception>
    public static async Task<ArchivedRuns> ReadAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var select = Select(connection, schema);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var found = new List<ArchivedRun>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(RunOf(reader));
        }

        return new(found);
    }

    /// <summary>The run that a position lies in; null when its event is not away.</summary>
    public ArchivedRun? Find(long position)
    {
        var (low, high) = (0, inOrder.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (inOrder[middle].Last < position)
            {
                low = middle + 1;
            }
            else if (inOrder[middle].First > position)
            {
                high = middle - 1;
            }
            else
            {
                return inOrder[middle];
            }
        }

        return null;
    }

    /// <summary>The last position up to which everything behind a position is away; the position itself when the next one is not.</summary>
    public long Behind(long position)
    {
        while (Find(position + 1) is { } run)
        {
            position = run.Last;
        }

        return position;
    }

    private static ArchivedRun RunOf(NpgsqlDataReader reader) =>
        new(reader.GetInt64(0), reader.GetInt64(1), new(reader.GetInt16(2)), reader.GetFieldValue<byte[]>(3));

    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    private static NpgsqlCommand Select(NpgsqlConnection connection, string schema) =>
        new($"select first_position, last_position, fiscal_year, last_hash from {schema}.archived_runs order by first_position", connection);
}
