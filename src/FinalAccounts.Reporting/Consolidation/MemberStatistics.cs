using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Reporting;

/// <summary>
/// Which statistics of the units add up. Those that the form asks for do, when every unit reported them and in the same unit
/// of measure; otherwise the sum is unknown, which is not what the others add up to. Business data under other names stand
/// in texts of the department itself, and so do the amounts that the form fixes.
/// </summary>
internal sealed class MemberStatistics
{
    private readonly FormPack pack;
    private readonly HashSet<string> unknown = [];

    public MemberStatistics(FormPack pack, IReadOnlyList<UnitBooks> units)
    {
        this.pack = pack;
        Findings = [.. units.SelectMany(u => Names(u.Books)).Distinct().Where(AddsUp).Select(name => Check(name, units)).OfType<ConsolidationFinding>()];
    }

    public IReadOnlyList<ConsolidationFinding> Findings { get; }

    /// <summary>Whether a unit's statistic is part of the consolidated books.</summary>
    public bool Counts(string name, bool isDepartment) => AddsUp(name) ? !unknown.Contains(name) : isDepartment;

    private static IEnumerable<string> Names(YearBooks books) =>
        books.Facts.Keys.Where(k => k.Measure == Measure.Statistic).Select(k => k.Name!).Distinct();

    private bool AddsUp(string name) => name switch
    {
        // These count what is listed beside them, and the lists are the department's own.
        EventFacts.Offices or EventFacts.Subordinates => false,
        EventFacts.PostsApproved or EventFacts.PersonsInService or EventFacts.PersonsRetired
            or EventFacts.Meetings or EventFacts.MeetingAttendees or EventFacts.MeetingCosts => true,
        _ => pack.Statistics.ContainsKey(name) && pack.Standards.All(s => s.Name != name),
    };

    private ConsolidationFinding? Check(string name, IReadOnlyList<UnitBooks> units)
    {
        var silent = units.Where(u => !u.Books.Facts.Any(new(Measure.Statistic, Name: name))).Select(u => u.Unit).ToList();
        var measures = units.Select(u => u.Books.UnitOf(name)).OfType<string>().Distinct().ToList();
        ConsolidationFinding? finding = (silent.Count, measures) switch
        {
            ( > 0, _) => new(ConsolidationRule.StatisticNotReported, [name, Consolidating.Names(silent)]),
            (_, { Count: > 1 }) => new(ConsolidationRule.StatisticUnitsDiffer, [name, string.Join('、', measures)]),
            (_, [Printing.PercentSign]) => new(ConsolidationRule.StatisticInPercent, [name]),
            _ => null,
        };
        if (finding is not null)
        {
            unknown.Add(name);
        }

        return finding;
    }
}
