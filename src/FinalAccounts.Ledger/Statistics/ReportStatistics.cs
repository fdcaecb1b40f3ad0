using NodaTime;

namespace FinalAccounts.Ledger.Statistics;

/// <summary>Report statistics. The fields are those of <see cref="StatisticsReported"/>.</summary>
public sealed record ReportStatistics(
    LocalDate Date, IReadOnlyList<Statistic> Items, IReadOnlyList<Meeting>? Meetings) : YearCommand(Date);

/// <summary>Statistics were reported; a name that was reported before is replaced, meetings are replaced as a whole when given.</summary>
public sealed record StatisticsReported(
    LocalDate Date, IReadOnlyList<Statistic> Items, IReadOnlyList<Meeting>? Meetings) : LedgerEvent(Date);

/// <summary>A figure that is reported, not booked: vehicles, receptions, procurement, headcount.</summary>
/// <param name="Name">The name that the form pack knows it by.</param>
/// <param name="Value">Fen when the unit is 元, otherwise a whole number of the unit. Not below zero.</param>
/// <param name="Unit">元, 人, 个, 辆, 台（套）, …</param>
public sealed record Statistic(string Name, long Value, string Unit)
{
    public const string Yuan = "元";
}

/// <summary>A meeting that cost money.</summary>
/// <param name="Content">What it was for, as a phrase that goes into a sentence.</param>
/// <param name="Attendees">Persons.</param>
public sealed record Meeting(string Name, string Content, Money Cost, int Attendees);
