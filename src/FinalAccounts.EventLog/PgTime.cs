using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>
/// PostgreSQL's own numbers for times and dates: microseconds and days since 2000-01-01. They go over the wire as they are, so
/// that no value is rounded on the way and a value changed in the database can always be read.
/// </summary>
internal static class PgTime
{
    /// <summary>2000-01-01T00:00:00Z in microseconds since 1970.</summary>
    public const long EpochMicroseconds = 946_684_800_000_000;

    /// <summary>2000-01-01 in days since 1970-01-01.</summary>
    public const int EpochDays = 10_957;

    /// <summary>A timestamptz as microseconds since 1970; wraps around for the infinities.</summary>
    public static long ReadMicroseconds(NpgsqlDataReader reader, int column) =>
        unchecked(reader.GetFieldValue<long>(column) + EpochMicroseconds);

    /// <summary>A date as days since 1970-01-01; wraps around for the infinities.</summary>
    public static int ReadDays(NpgsqlDataReader reader, int column) => unchecked(reader.GetFieldValue<int>(column) + EpochDays);
}
