using System.Globalization;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using NodaTime;
using NodaTime.Text;

namespace FinalAccounts.Server.Pages;

/// <summary>How values stand on the pages, and how they are read from their addresses.</summary>
internal static class Display
{
    // The whole country keeps one time, without a summer time since 1992.
    private static readonly Offset China = Offset.FromHours(8);
    private static readonly LocalDateTimePattern Minute = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm");
    private static readonly LocalDateTimePattern Second = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss");

    /// <summary>An instant by Chinese time, to the second.</summary>
    public static string Text(Instant instant) => Second.Format(instant.WithOffset(China).LocalDateTime);

    /// <summary>An instant for machines.</summary>
    public static string Iso(Instant instant) => InstantPattern.ExtendedIso.Format(instant);

    public static string Text(LocalDate date) => LocalDatePattern.Iso.Format(date);

    /// <summary>Today by Chinese time.</summary>
    public static LocalDate Today(IClock clock) => clock.GetCurrentInstant().WithOffset(China).Date;

    /// <summary>Whole fen for data attributes.</summary>
    public static string Fen(Int128 fen) => fen.ToString(CultureInfo.InvariantCulture);

    /// <summary>A difference in yuan with its sign: <c>+1,234.00</c>.</summary>
    public static string Signed(Int128 fen) => (fen > 0 ? "+" : "") + Yuan.Of(fen);

    public static string ClassOf(YearStatus status) => $"state state-{status.ToString().ToLowerInvariant()}";

    /// <summary>A date as in <c>2024-03-15</c>; null when the text is none.</summary>
    public static LocalDate? Date(string? text) =>
        text is { Length: > 0 } && LocalDatePattern.Iso.Parse(text) is { Success: true } parsed ? parsed.Value : null;

    /// <summary>
    /// The last instant of what is named: an instant with its zone, or Chinese time to the minute as a form gives it; null when the text is neither.
    /// </summary>
    public static Instant? Instant(string? text)
    {
        if (text is not { Length: > 0 })
        {
            return null;
        }

        if (OffsetDateTimePattern.Rfc3339.Parse(text) is { Success: true } exact)
        {
            return exact.Value.ToInstant();
        }

        return Minute.Parse(text.Replace('T', ' ')) is { Success: true } local
            ? local.Value.WithOffset(China).ToInstant() + Duration.FromMinutes(1) - Duration.Epsilon
            : null;
    }

    /// <summary>An instant as a form field for date and time takes it.</summary>
    public static string Field(Instant instant) => Minute.Format(instant.WithOffset(China).LocalDateTime).Replace(' ', 'T');
}
