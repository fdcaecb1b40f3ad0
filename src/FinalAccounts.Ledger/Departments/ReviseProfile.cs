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
    IReadOnlyList<string> Attachments) : DepartmentCommand(Date);

/// <summary>What a department says of itself in 第一部分 概况; each revision replaces the one before.</summary>
/// <param name="SelfName">What the department calls itself in the texts: 本部门, 我单位, 本单位.</param>
/// <param name="Duties">部门职责, one paragraph each, without numbering.</param>
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

/// <summary>编制 (posts approved), 在职 (in service) and 退休 (retired), in persons.</summary>
public sealed record Headcount(int Approved, int InService, int Retired);
