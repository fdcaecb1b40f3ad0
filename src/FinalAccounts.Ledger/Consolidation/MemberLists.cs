using System.Collections.Immutable;
using FinalAccounts.Ledger.Rules;

namespace FinalAccounts.Ledger.Consolidation;

/// <summary>Who belongs to whom in one year: the last list of members of each department of a region.</summary>
public sealed class MemberLists
{
    /// <summary>No department has members.</summary>
    public static readonly MemberLists None = new(ImmutableDictionary<DepartmentCode, IReadOnlyList<DepartmentCode>>.Empty);

    private readonly ImmutableDictionary<DepartmentCode, IReadOnlyList<DepartmentCode>> lists;

    private MemberLists(ImmutableDictionary<DepartmentCode, IReadOnlyList<DepartmentCode>> lists) => this.lists = lists;

    /// <summary>The lists with another one of a department.</summary>
    public MemberLists With(DepartmentCode department, IReadOnlyList<DepartmentCode> members) => new(lists.SetItem(department, members));

    /// <summary>The department's members, in order; empty when it has none.</summary>
    public IReadOnlyList<DepartmentCode> Of(DepartmentCode department) => lists.GetValueOrDefault(department, []);

    /// <summary>The department that a unit is a member of, the first by code when there are several; null when there is none.</summary>
    public DepartmentCode? SuperiorOf(DepartmentCode member) => SuperiorsOf(member) is [var first, ..] ? first : null;

    /// <summary>All departments that a unit is a member of, by code.</summary>
    public IReadOnlyList<DepartmentCode> SuperiorsOf(DepartmentCode member) =>
        [.. lists.Where(l => l.Value.Contains(member)).Select(l => l.Key).OrderBy(d => d.ToString(), StringComparer.Ordinal)];

    /// <summary>
    /// What keeps a department from being consolidated. Each list was checked against the others when it was recorded; two that
    /// were recorded at the same time may still contradict each other.
    /// </summary>
    /// <returns>Refusals; none when <see cref="Scope"/> has each unit once.</returns>
    public IReadOnlyList<Finding> Check(DepartmentCode department)
    {
        var checks = new Checklist();
        var below = new List<DepartmentCode>(Of(department));
        for (var i = 0; i < below.Count; i++)
        {
            var unit = below[i];
            if (unit == department)
            {
                var path = PathBetween(Of(department).First(m => PathBetween(m, department) is not null), department)!;
                checks.Refuse(LedgerRules.MembersInCircle, Place.Whole, path[0].ToString(), string.Join(" → ", path.Prepend(department)));
            }
            else if (SuperiorsOf(unit) is [var first, var second, ..])
            {
                checks.Refuse(LedgerRules.MemberOfTwo, Place.Whole, unit.ToString(), $"{first}, {second}");
            }

            below.AddRange(Of(unit).Where(member => !below.Contains(member)));
        }

        return checks.IsClean ? [] : checks.Refused().Findings;
    }

    /// <summary>The department itself and all units below it, each before its own members.</summary>
    /// <exception cref="ArgumentException">A unit comes up twice: it is a member of two departments, or of itself.</exception>
    public IReadOnlyList<DepartmentCode> Scope(DepartmentCode department)
    {
        var scope = new List<DepartmentCode>();
        Visit(department);
        return scope;

        void Visit(DepartmentCode unit)
        {
            if (scope.Contains(unit))
            {
                throw new ArgumentException($"{unit} comes up twice below {department}.");
            }

            scope.Add(unit);
            foreach (var member in Of(unit))
            {
                Visit(member);
            }
        }
    }

    /// <summary>The way down from one department to another, both included; null when the second is not below the first.</summary>
    public IReadOnlyList<DepartmentCode>? PathBetween(DepartmentCode from, DepartmentCode to) => PathBetween(from, to, []);

    /// <param name="seen">Departments that lead nowhere, so that lists in a circle are gone through once.</param>
    private IReadOnlyList<DepartmentCode>? PathBetween(DepartmentCode from, DepartmentCode to, HashSet<DepartmentCode> seen)
    {
        if (from == to)
        {
            return [to];
        }

        if (!seen.Add(from))
        {
            return null;
        }

        var rest = Of(from).Select(member => PathBetween(member, to, seen)).FirstOrDefault(path => path is not null);
        return rest is null ? null : [from, .. rest];
    }
}
