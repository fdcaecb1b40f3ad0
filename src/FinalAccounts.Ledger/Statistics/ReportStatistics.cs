using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Statistics;

/// <summary>Report statistics. The fields are those of <see cref="StatisticsReported"/>.</summary>
public sealed record ReportStatistics(
    LocalDate Date, IReadOnlyList<Statistic> Items, IReadOnlyList<Meeting>? Meetings) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.ReportDate(Date);
        if (Items.Count == 0 && Meetings is null)
        {
            checks.LineCount(0, nameof(Items));
        }

        checks.Statistics(Items, nameof(Items), year);
        if (Meetings is not null && checks.LineCount(Meetings.Count, nameof(Meetings), required: false))
        {
            for (var i = 0; i < Meetings.Count; i++)
            {
                var meeting = Meetings[i];
                var place = Place.In(nameof(Meetings), i);
                checks.Name(meeting.Name, place.At(nameof(meeting.Name)));
                checks.Phrase(meeting.Content, place.At(nameof(meeting.Content)));
                checks.AmountNotBelowZero(meeting.Cost, place.At(nameof(meeting.Cost)));
                checks.Number(meeting.Attendees, place.At(nameof(meeting.Attendees)));
            }
        }

        return checks.Decide(new StatisticsReported(Date, Items, Meetings));
    }

    internal override bool IsIn(YearState year) =>
        Items.All(s => year.Statistics.GetValueOrDefault(s.Name) == s)
        && (Meetings is null || (year.Meetings is { } found && found.SequenceEqual(Meetings)));
}

/// <summary>Statistics were reported; a name that was reported before is replaced, meetings are replaced as a whole when given.</summary>
/// <param name="Items">The statistics.</param>
/// <param name="Meetings">All meetings of the year; null when the report is not about them.</param>
public sealed record StatisticsReported(
    LocalDate Date, IReadOnlyList<Statistic> Items, IReadOnlyList<Meeting>? Meetings) : LedgerEvent(Date);

/// <summary>A figure that is reported, not booked: vehicles, receptions, procurement, headcount.</summary>
/// <param name="Name">The name that the form pack knows it by.</param>
/// <param name="Value">Hundredths (fen) of a unit that <see cref="IsInHundredths"/>, otherwise a whole number of the unit. Not below zero.</param>
/// <param name="Unit">元, 分, %, 人, 个, 辆, 台（套）, …</param>
public sealed record Statistic(string Name, long Value, string Unit)
{
    public const string Yuan = "元";

    /// <summary>Points of a score: 96.26 分.</summary>
    public const string Points = "分";

    /// <summary>A rate that is reported, not computed from amounts: 0.48 %.</summary>
    public const string PercentSign = "%";

    /// <summary>True for units that people report with up to two decimals: values are kept in hundredths of them.</summary>
    public static bool IsInHundredths(string unit) => unit is Yuan or Points or PercentSign;
}

/// <summary>A meeting that cost money.</summary>
/// <param name="Name">What it was called.</param>
/// <param name="Content">What it was for, as a phrase that goes into a sentence.</param>
/// <param name="Cost">In fen, not below zero.</param>
/// <param name="Attendees">Persons.</param>
public sealed record Meeting(string Name, string Content, Money Cost, int Attendees);

/// <summary>The rules that statistics share.</summary>
internal static class StatisticRules
{
    public static void Statistics(this Checklist checks, IReadOnlyList<Statistic> items, string list, YearState year)
    {
        if (!checks.LineCount(items.Count, list, required: false))
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            var place = Place.In(list, i);
            checks.Name(item.Name, place.At(nameof(item.Name)));
            checks.Name(item.Unit, place.At(nameof(item.Unit)));
            if (item.Unit == Statistic.Yuan)
            {
                checks.AmountNotBelowZero(new(item.Value), place.At(nameof(item.Value)));
            }
            else
            {
                checks.Number(item.Value, place.At(nameof(item.Value)));
            }

            if (!seen.Add(item.Name))
            {
                checks.Refuse(LedgerRules.StatisticTwice, place.At(nameof(item.Name)), item.Name);
            }

            if (year.Statistics.TryGetValue(item.Name, out var earlier) && earlier.Unit != item.Unit)
            {
                checks.Refuse(LedgerRules.StatisticUnitChanged, place.At(nameof(item.Unit)), item.Name, item.Unit, earlier.Unit);
            }
        }
    }
}
