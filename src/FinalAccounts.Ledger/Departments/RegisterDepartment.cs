using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Departments;

/// <summary>Enter a department in the region's register (登记). The fields are those of <see cref="DepartmentRegistered"/>.</summary>
public sealed record RegisterDepartment(
    LocalDate Date, DepartmentCode Code, string Name, string RegionName) : DepartmentCommand(Date)
{
    internal override Decision Decide(DepartmentState department)
    {
        var checks = new Checklist();
        if (department.Registration is { } registered)
        {
            checks.Refuse(LedgerRules.RegisteredTwice, Place.Whole, registered.Code.ToString(), registered.Name);
        }

        checks.Name(Name, Place.Of(nameof(Name)));
        checks.Name(RegionName, Place.Of(nameof(RegionName)));
        return checks.Decide(Event());
    }

    internal override bool IsIn(DepartmentState department) =>
        department.Registration is { } found && EventCodec.SameContent(found with { Date = Date }, Event());

    private DepartmentRegistered Event() => new(Date, Code, Name, RegionName);
}

/// <summary>The department was entered in the region's register (登记).</summary>
/// <param name="Code">The code that the region's budget gives it.</param>
/// <param name="Name">The full name, as it stands on every table.</param>
/// <param name="RegionName">The region in words, such as a province and a city.</param>
public sealed record DepartmentRegistered(LocalDate Date, DepartmentCode Code, string Name, string RegionName) : LedgerEvent(Date);
