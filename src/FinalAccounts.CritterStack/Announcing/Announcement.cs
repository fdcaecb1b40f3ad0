using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using NodaTime.Text;

namespace FinalAccounts.CritterStack.Announcing;

/// <summary>A department has closed a year (年终结账).</summary>
/// <param name="Date">Its accounting date, ISO.</param>
/// <param name="SealPosition">The position of the log that the year is sealed with.</param>
/// <param name="SealHash">The hash at that position.</param>
public sealed record YearClosed(string Region, string Department, int Year, Guid CommandId, string Date, long SealPosition, string SealHash);

/// <summary>A department has published the disclosure of a year (公开).</summary>
/// <param name="Date">Its accounting date, ISO.</param>
/// <param name="DocumentSha256">SHA-256 of the published disclosure.json.</param>
public sealed record DisclosurePublished(string Region, string Department, int Year, Guid CommandId, string Date, string DocumentSha256);

/// <summary>A figure of a year's document has changed, exact or printed.</summary>
/// <param name="Address">Where it stands.</param>
/// <param name="Before">As printed before; null for a blank cell, or where it was not there.</param>
/// <param name="After">As printed now; null for a blank cell, or where it is not there any more.</param>
/// <param name="Fen">Now less before, for amounts; null otherwise.</param>
public sealed record FigureChanged(
    string Region, string Department, int Year, Guid CommandId, string Address, string Name, string? Before, string? After, long? Fen);

/// <summary>Something was recorded in a year's books; which figures it has changed is found out from this.</summary>
public sealed record YearRecorded(string Region, string Department, int Year, Guid CommandId);

/// <summary>Which messages go out with what a command has recorded.</summary>
internal static class Announcement
{
    public static IEnumerable<object> Of(DecisionRequest request, IReadOnlyList<LedgerEvent> events)
    {
        var (region, department, year) = (request.Log.Region.ToString(), request.Department.Code.ToString(), request.Year.Value);
        foreach (var said in events)
        {
            switch (said)
            {
                case Ledger.Closing.YearClosed closed:
                    yield return new YearClosed(
                        region, department, year, request.CommandId, LocalDatePattern.Iso.Format(closed.Date), closed.Seal.Position, closed.Seal.Hash);
                    break;
                case Ledger.Disclosure.DisclosurePublished published:
                    yield return new DisclosurePublished(
                        region, department, year, request.CommandId, LocalDatePattern.Iso.Format(published.Date), published.DocumentSha256);
                    break;
            }
        }

        yield return new YearRecorded(region, department, year, request.CommandId);
    }
}
