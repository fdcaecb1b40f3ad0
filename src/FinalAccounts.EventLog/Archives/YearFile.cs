using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using FinalAccounts.EventLog.Files;
using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;

namespace FinalAccounts.EventLog.Archives;

/// <summary>The file of a year's events.</summary>
internal static class YearFile
{
    /// <summary>Writes the year's events into a file; one of that name is replaced when the new one is whole and on the disk.</summary>
    /// <param name="written">Told the number of events written, now and then.</param>
    /// <returns>Where the log stood before the first event was read.</returns>
    /// <exception cref="LogDamagedException">The year's events are not what was written.</exception>
    public static async Task<long> WriteAsync(
        NpgsqlConnection connection, RegionCode region, FiscalYear year, string path, IProgress<long>? written, CancellationToken cancellationToken)
    {
        var partial = path + ".partial";
        long head;
        await using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await using var writer = new LogFileWriter(file, new(region, year));
            head = await WriteAsync(connection, region, year, writer, written, cancellationToken);
            await writer.EndAsync(cancellationToken);
            await writer.DisposeAsync();
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
        return head;
    }

    /// <summary>Reads a file to its end, checking it.</summary>
    /// <returns>What it holds, and the SHA-256 of the file.</returns>
    /// <exception cref="LogFileException">The file is not what was written.</exception>
    public static async Task<(LogFileContents Contents, string Sha256)> CheckAsync(string path, CancellationToken cancellationToken)
    {
        using var sha256 = SHA256.Create();
        await using var file = File.OpenRead(path);
        await using var hashing = new CryptoStream(file, sha256, CryptoStreamMode.Read);
        await using var reader = await LogFileReader.OpenAsync(hashing, cancellationToken);
        await foreach (var _ in reader.ReadAsync(cancellationToken))
        {
        }

        await hashing.CopyToAsync(Stream.Null, cancellationToken);
        return (reader.Contents, Convert.ToHexStringLower(sha256.Hash!));
    }

    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    private static async Task<long> WriteAsync(
        NpgsqlConnection connection, RegionCode region, FiscalYear year, LogFileWriter writer, IProgress<long>? written,
        CancellationToken cancellationToken)
    {
        var schema = LogSchema.NameOf(region);
        long head;
        await using (var select = new NpgsqlCommand($"select position from {schema}.head where id = 1", connection))
        {
            head = (long)(await select.ExecuteScalarAsync(cancellationToken))!;
        }

        var count = 0L;
        await foreach (var (e, before) in ReadAsync(connection, schema, year, cancellationToken))
        {
            if (before is not null || count == 0)
            {
                var hash = before ?? (e.Position == 1
                    ? EventHash.Genesis(region)
                    : throw new LogDamagedException(e.Position - 1, $"{schema} has no event at {e.Position - 1}."));
                await writer.BeginRunAsync(new(e.Position - 1, Convert.ToHexStringLower(hash)), cancellationToken);
            }

            await writer.WriteAsync(e, cancellationToken);
            if (++count % LogLimits.RowsPerPage == 0)
            {
                written?.Report(count);
            }
        }

        return head;
    }

    /// <summary>The year's events in order; with the first of each run the hash of the event before it.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    private static async IAsyncEnumerable<(StoredEvent Event, byte[]? Before)> ReadAsync(
        NpgsqlConnection connection, string schema, FiscalYear year, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(
            $"""
            select e.position, e.stream, e.version, e.type, e.schema_version, e.recorded_at, e.accounting_date, e.command_id, e.actor, e.body, e.hash,
                   case when lag(e.position) over (order by e.position) is distinct from e.position - 1
                        then coalesce((select b.hash from {schema}.events b where b.position = e.position - 1),
                                      (select r.last_hash from {schema}.archived_runs r where r.last_position = e.position - 1)) end
              from {schema}.events_readable e
             where e.fiscal_year = $1
             order by e.position
            """,
            connection);
        select.CommandTimeout = 0;
        select.Parameters.Add(new() { Value = (short)year.Value });
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return (
                new(
                    reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), reader.GetInt16(4),
                    Instant.FromDateTimeUtc(reader.GetDateTime(5)), LocalDate.FromDateOnly(reader.GetFieldValue<DateOnly>(6)), reader.GetGuid(7),
                    reader.GetString(8), reader.GetFieldValue<byte[]>(9), reader.GetFieldValue<byte[]>(10)),
                await reader.IsDBNullAsync(11, cancellationToken) ? null : reader.GetFieldValue<byte[]>(11));
        }
    }
}
