using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Consolidation;

/// <summary>Determine the members of a department's consolidation (汇总单位). The fields are those of <see cref="MembersDetermined"/>.</summary>
public sealed record DetermineMembers(LocalDate Date, IReadOnlyList<DepartmentCode> Members) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.ReportDate(Date);
        checks.LineCount(Members.Count, nameof(Members), required: false);
        var department = year.Opening!.Department;
        var lists = checks.MemberLists.With(department, Members);
        for (var i = 0; i < Members.Count; i++)
        {
            var (member, place) = (Members[i], Place.In(nameof(Members), i));
            if (Members.Take(i).Contains(member))
            {
                checks.Refuse(LedgerRules.MemberTwice, place, member.ToString());
            }
            else if (lists.PathBetween(member, department) is { } path)
            {
                checks.Refuse(LedgerRules.MembersInCircle, place, member.ToString(), string.Join(" → ", path.Prepend(department)));
            }
            else if (checks.MemberLists.SuperiorOf(member) is { } superior && superior != department)
            {
                checks.Refuse(LedgerRules.MemberOfTwo, place, member.ToString(), superior.ToString());
            }
        }

        return checks.Decide(Event());
    }

    internal override bool IsIn(YearState year) => year.Members is { } found && found.Members.SequenceEqual(Members);

    private MembersDetermined Event() => new(Date, Members);
}

/// <summary>
/// The members of a department's consolidation in this year were determined (汇总范围); replaces the list before. It stands in
/// the year's books, so that it can't change once the year is closed, and next year's list changes nothing in this year.
/// </summary>
/// <param name="Members">The units whose books are added to the department's own (本级), in the order of the document; each
/// may have members itself.</param>
public sealed record MembersDetermined(LocalDate Date, IReadOnlyList<DepartmentCode> Members) : LedgerEvent(Date);
