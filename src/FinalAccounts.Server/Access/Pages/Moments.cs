using NodaTime;
using NodaTime.Text;

namespace FinalAccounts.Server.Access.Pages;

/// <summary>Times as people read them where the books are kept.</summary>
internal static class Moments
{
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
    private static readonly LocalDateTimePattern Pattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss");

    public static string Text(Instant instant) => Pattern.Format(instant.InZone(Zone).LocalDateTime);

    public static string Text(LocalDate day) => LocalDatePattern.Iso.Format(day);
}
