using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Reporting;

/// <summary>
/// Makes the books of a department with its units (部门汇总) from the books of each: sums, less what the units paid each other.
/// The result reads like the books of one unit, so that tables and texts do not notice.
/// </summary>
public static class Consolidating
{
    /// <summary>
    /// Before the subject of an explanation or the quantity of a comparative, it says that the consolidated figure is meant
    /// and not that of the department by itself: <c>汇总/收入总计/比上年</c>.
    /// </summary>
    public const string Prefix = "汇总/";

    /// <summary>The consolidated books of a year.</summary>
    /// <param name="pack">The form pack that the department reports with.</param>
    /// <param name="units">The department itself first, each unit once.</param>
    public static Consolidated Consolidate(FormPack pack, IReadOnlyList<UnitBooks> units)
    {
        RecordedEvent[] events = [.. units.SelectMany(u => u.Books.Events).OrderBy(e => e.Position)];
        var indexes = events.Index().ToDictionary(e => e.Item.Position, e => e.Index);
        MemberStatistics statistics = new(pack, units);
        List<RecordedFact> facts =
        [
            .. from unit in units
               from fact in unit.Books.Facts.Facts
               where Counts(fact.Key, unit == units[0], statistics)
               select new RecordedFact(
                   indexes[unit.Books.Events[fact.Event].Position], Renamed(fact.Key) with { Unit = unit.Unit.Code }, fact.Value),
        ];
        var transfers = TransferPairs.Find(units, facts);
        var eliminations = TransferPairs.Eliminations(transfers, facts);

        // Stable: what one event says keeps its order, and its elimination follows.
        var books = YearBooks.Consolidated(units, events, facts.Concat(eliminations).OrderBy(f => f.Event));
        ConsolidationFinding[] findings =
        [
            .. units.Where(u => !u.Books.IsClosed).Select(u => new ConsolidationFinding(ConsolidationRule.UnitNotClosed, [$"{u.Unit.Code}", u.Unit.Name])),
            .. TransferPairs.Findings(units, transfers, facts),
            .. statistics.Findings,
        ];
        return new(books, [.. units.Select(u => u.Unit)], transfers, findings);
    }

    /// <summary>
    /// The books of a report: this year's and, where last year's units are known and all in the system, last year's. Last
    /// year is consolidated with its own units, which need not be this year's.
    /// </summary>
    /// <param name="pack">The form pack that the department reports with.</param>
    /// <param name="current">The department itself first.</param>
    /// <param name="prior">The units of last year's list with last year's books; only the department when it had no list, null
    /// when last year is not in the system.</param>
    public static ConsolidatedReport Report(FormPack pack, IReadOnlyList<UnitBooks> current, IReadOnlyList<UnitBooks>? prior)
    {
        var now = Consolidate(pack, current);
        if (prior is null)
        {
            return new(new(now.Books, null), now, null, now.Findings);
        }

        var year = prior[0].Books.Year.ToString();
        if (prior.Count == 1)
        {
            return new(new(now.Books, null), now, null, [.. now.Findings, new(ConsolidationRule.PriorScopeUnknown, [year])]);
        }

        if (prior.Where(u => u.Books.Opened is null).ToList() is [_, ..] missing)
        {
            return new(new(now.Books, null), now, null, [.. now.Findings, new(ConsolidationRule.PriorUnitNotOpened, [year, Names(missing.Select(u => u.Unit))])]);
        }

        var before = Consolidate(pack, prior);
        var joined = now.Units.ExceptBy(before.Units.Select(u => u.Code), u => u.Code).ToList();
        var left = before.Units.ExceptBy(now.Units.Select(u => u.Code), u => u.Code).ToList();
        ConsolidationFinding[] changed = joined.Count + left.Count == 0 ? [] : [new(ConsolidationRule.ScopeChanged, [Names(joined), Names(left)])];
        return new(new(now.Books, before.Books), now, before, [.. now.Findings, .. changed]);
    }

    /// <summary>Units in a finding: <c>117005 某中心、117006 某局</c>.</summary>
    internal static string Names(IEnumerable<ConsolidatedUnit> units) => string.Join('、', units.Select(u => $"{u.Code} {u.Name}"));

    /// <summary>Whether a unit's fact is part of the consolidated books.</summary>
    private static bool Counts(FactKey key, bool isDepartment, MemberStatistics statistics) => key.Measure switch
    {
        Measure.OpeningBalance or Measure.InitialBudget or Measure.Supplement or Measure.Withdrawal or Measure.Reallocation
            or Measure.Income or Measure.Expenditure or Measure.NonFiscalSurplusUsed or Measure.SurplusDistributed
            or Measure.CarryOver or Measure.EvaluatedProjects or Measure.EvaluatedFunds => true,
        Measure.Statistic => statistics.Counts(key.Name!, isDepartment),

        // What the department itself published last year is no figure of all units.
        Measure.Comparative => isDepartment && IsConsolidatedComparative(key.Name!),

        // Scores do not add up.
        _ => isDepartment,
    };

    private static bool IsConsolidatedComparative(string name) => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..].StartsWith(Prefix, StringComparison.Ordinal);

    private static FactKey Renamed(FactKey key) => key.Measure == Measure.Comparative
        ? key with { Name = key.Name!.Replace($"/{Prefix}", "/", StringComparison.Ordinal) }
        : key;
}

/// <summary>The books of a consolidated report, and how they came about.</summary>
/// <param name="Books">What the document is built from.</param>
/// <param name="Prior">Last year's consolidation; null when it can't be made.</param>
public sealed record ConsolidatedReport(ReportBooks Books, Consolidated Current, Consolidated? Prior, IReadOnlyList<ConsolidationFinding> Findings);
