using System.Globalization;

namespace FinalAccounts.Benchmarks.Results;

/// <summary>Titles of rows that something is computed from.</summary>
public static class Titles
{
    public const string Bulk = "bulk import in one transaction";
    public const string Verify = "verifying the log";
    public const string Rebuild = "rebuild of the projections";
    public const string Paced = "single events at a steady pace, the projector beside it";
    public const string StoredSingly = "stored bytes of a posting, appended singly";
    public const string StoredInBulk = "stored bytes of a posting, imported in bulk";

    public static string Singles(int callers) => string.Create(CultureInfo.InvariantCulture, $"single events, {callers} {(callers == 1 ? "caller" : "callers")}");
}
