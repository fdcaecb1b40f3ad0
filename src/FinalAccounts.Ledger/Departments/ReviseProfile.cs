using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Departments;

/// <summary>Revise what a department says of itself. The fields are those of <see cref="ProfileRevised"/>.</summary>
public sealed record ReviseProfile(
    LocalDate Date,
    string SelfName,
    IReadOnlyList<string> Duties,
    Headcount Headcount,
    string? OfficeRank,
    IReadOnlyList<string> Offices,
    IReadOnlyList<string> Subordinates,
    IReadOnlyList<string> Attachments) : DepartmentCommand(Date)
{
    internal override Decision Decide(DepartmentState department)
    {
        var checks = new Checklist();
        if (!department.IsRegistered)
        {
            checks.Refuse(LedgerRules.ProfileOfUnknownDepartment, Place.Whole);
        }

        checks.Name(SelfName, Place.Of(nameof(SelfName)));
        checks.LineCount(Duties.Count, nameof(Duties), required: false);
        for (var i = 0; i < Duties.Count; i++)
        {
            checks.Text(Duties[i], Place.In(nameof(Duties), i));
        }

        var headcount = Place.Of(nameof(Headcount));
        checks.OptionalNumber(Headcount.Approved, headcount.At(nameof(Headcount.Approved)));
        checks.Number(Headcount.InService, headcount.At(nameof(Headcount.InService)));
        checks.OptionalNumber(Headcount.Retired, headcount.At(nameof(Headcount.Retired)));
        checks.OptionalName(OfficeRank, Place.Of(nameof(OfficeRank)));
        checks.Names(Offices, nameof(Offices));
        checks.Names(Subordinates, nameof(Subordinates));
        checks.Names(Attachments, nameof(Attachments));
        return checks.Decide(Event());
    }

    internal override bool IsIn(DepartmentState department) =>
        department.ProfileOn(Date) is { } found && EventCodec.SameContent(found with { Date = Date }, Event());

    private ProfileRevised Event() => new(Date, SelfName, Duties, Headcount, OfficeRank, Offices, Subordinates, Attachments);
}

/// <summary>What a department says of itself in 第一部分 概况; each revision replaces the one before.</summary>
/// <param name="SelfName">What the department calls itself in the texts: 本部门, 我单位, 本单位.</param>
/// <param name="Duties">部门职责, one paragraph each, without numbering.</param>
/// <param name="Headcount">编制, 在职 and 退休人数.</param>
/// <param name="OfficeRank">The rank of the offices in words (均为副科级); null when not given.</param>
/// <param name="Offices">内设机构, names in order.</param>
/// <param name="Subordinates">所属单位 within the final accounts, names in order; empty for a unit that stands alone.</param>
/// <param name="Attachments">第五部分 附件, titles in order.</param>
public sealed record ProfileRevised(
    LocalDate Date,
    string SelfName,
    IReadOnlyList<string> Duties,
    Headcount Headcount,
    string? OfficeRank,
    IReadOnlyList<string> Offices,
    IReadOnlyList<string> Subordinates,
    IReadOnlyList<string> Attachments) : LedgerEvent(Date);

/// <summary>
/// 编制 (posts approved), 在职 (in service) and 退休 (retired), in persons. Not every form asks for posts and retired
/// persons: null is not said, which is not zero; what an earlier revision said then still holds.
/// </summary>
/// <param name="Approved">编制人数, persons, not below zero.</param>
/// <param name="InService">在职人数, persons, not below zero.</param>
/// <param name="Retired">退休人数, persons, not below zero.</param>
public sealed record Headcount(int? Approved, int InService, int? Retired);
