using FinalAccounts.Ledger;
using FinalAccounts.Server.Access;
using Shouldly;

namespace FinalAccounts.ServerTests.Access;

/// <summary>What the roles are for, said once more without looking at the table.</summary>
public sealed class RoleRightsTest
{
    private static readonly RegionCode Here = new("110000");
    private static readonly RegionCode There = new("120000");
    private static readonly DepartmentCode Mine = new("101");
    private static readonly DepartmentCode Other = new("102");

    [Fact]
    public void An_auditor_reads_and_verifies_everything_of_the_region_and_changes_nothing()
    {
        var auditor = With(new Assignment(Role.Auditor, Here, null));

        auditor.CanRead(Here, Mine).ShouldBeTrue();
        auditor.Can(Right.Verify, Here).ShouldBeTrue();
        auditor.Can(Right.ReadAccessAudit, Here).ShouldBeTrue();
        auditor.CanRead(There, Mine).ShouldBeFalse();
        foreach (var right in (Right[])[Right.Record, Right.Submit, Right.Close, Right.Reopen, Right.Publish, Right.Administer])
        {
            auditor.Can(right, Here).ShouldBeFalse();
            auditor.Can(right, Here, Mine).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_clerk_records_for_the_own_department_and_a_head_closes_it()
    {
        var clerk = With(new Assignment(Role.Clerk, Here, Mine));
        var head = With(new Assignment(Role.Head, Here, Mine));

        clerk.Can(Right.Record, Here, Mine).ShouldBeTrue();
        clerk.Can(Right.Close, Here, Mine).ShouldBeFalse();
        head.Can(Right.Submit, Here, Mine).ShouldBeTrue();
        head.Can(Right.Close, Here, Mine).ShouldBeTrue();
        foreach (var account in (Account[])[clerk, head])
        {
            account.CanRead(Here, Other).ShouldBeFalse();
            account.CanRead(There, Mine).ShouldBeFalse();
            account.Can(Right.Record, Here).ShouldBeFalse("the region is more than the department");
            account.CanReadSome(Here).ShouldBeTrue();
            account.CanReadSome(There).ShouldBeFalse();
            account.Can(Right.Reopen, Here, Mine).ShouldBeFalse();
            account.Can(Right.Publish, Here, Mine).ShouldBeFalse();
            account.Regions.ShouldBe([Here]);
        }
    }

    [Fact]
    public void A_bureau_does_everything_in_its_region_and_nothing_elsewhere()
    {
        var bureau = With(new Assignment(Role.Bureau, Here, null));
        foreach (var right in Enum.GetValues<Right>().Except([Right.Anything, Right.ReadPublished, Right.OwnAccount, Right.Administer]))
        {
            bureau.Can(right, Here, Mine).ShouldBeTrue();
            bureau.Can(right, There, Mine).ShouldBeFalse();
            bureau.Can(right).ShouldBeFalse("the installation is more than the region");
        }

        bureau.Can(Right.Administer).ShouldBeFalse();
    }

    [Fact]
    public void An_administrator_has_no_right_over_books()
    {
        var administrator = With(new Assignment(Role.Administrator, null, null));

        administrator.Can(Right.Administer).ShouldBeTrue();
        administrator.Can(Right.ReadAccessAudit, Here).ShouldBeTrue();
        administrator.Regions.ShouldBeEmpty();
        foreach (var right in (Right[])[
            Right.ReadBooks, Right.ReadRegion, Right.Record, Right.Submit, Right.Close, Right.Reopen, Right.Publish, Right.Verify])
        {
            administrator.Can(right, Here, Mine).ShouldBeFalse();
            administrator.HasSome(right, Here, Mine).ShouldBeFalse();
        }
    }

    [Fact]
    public void The_public_reads_what_is_published()
    {
        foreach (var right in Enum.GetValues<Right>())
        {
            Account.Nobody.Can(right, Here, Mine).ShouldBe(right is Right.Anything or Right.ReadPublished);
        }

        Should.Throw<InvalidOperationException>(() => Account.Nobody.Actor);
    }

    [Fact]
    public void Roles_in_several_places_add_up_and_do_not_mix()
    {
        var account = With(new Assignment(Role.Clerk, Here, Mine), new Assignment(Role.Auditor, There, null));

        account.Can(Right.Record, Here, Mine).ShouldBeTrue();
        account.Can(Right.Record, There, Mine).ShouldBeFalse();
        account.Can(Right.Verify, Here, Mine).ShouldBeFalse();
        account.CanRead(There, Other).ShouldBeTrue();
        account.Regions.ShouldBe([Here, There]);
    }

    [Theory]
    [InlineData(Role.Clerk, false, false, false)]
    [InlineData(Role.Clerk, true, false, false)]
    [InlineData(Role.Clerk, true, true, true)]
    [InlineData(Role.Bureau, true, false, true)]
    [InlineData(Role.Bureau, true, true, false)]
    [InlineData(Role.Administrator, false, false, true)]
    [InlineData(Role.Administrator, true, false, false)]
    [InlineData(Role.Public, false, false, false)]
    public void A_role_is_given_with_as_much_of_a_place_as_it_takes(Role role, bool hasRegion, bool hasDepartment, bool isComplete) =>
        new Assignment(role, hasRegion ? Here : null, hasDepartment ? Mine : null).IsComplete.ShouldBe(isComplete);

    private static Account With(params Assignment[] assignments) => new(Guid.NewGuid(), "somebody", assignments, SignInMeans.Cookie);
}
