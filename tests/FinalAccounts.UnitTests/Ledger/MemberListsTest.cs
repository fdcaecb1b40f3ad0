using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Consolidation;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Ledger.Books;

namespace FinalAccounts.UnitTests.Ledger;

public class MemberListsTest
{
    private static readonly DepartmentCode Bureau = new("301");
    private static readonly DepartmentCode Centre = new("301001");
    private static readonly DepartmentCode School = new("301002");
    private static readonly DepartmentCode Branch = new("301001-1");
    private static readonly MemberLists Lists = MemberLists.None.With(Bureau, [School, Centre]).With(Centre, [Branch]);

    [Fact]
    public void The_scope_is_the_department_and_all_below_it_each_before_its_members()
    {
        Lists.Scope(Bureau).ShouldBe([Bureau, School, Centre, Branch]);
        Lists.Scope(Centre).ShouldBe([Centre, Branch]);
        Lists.Scope(School).ShouldBe([School]);
    }

    [Fact]
    public void A_scope_with_a_unit_twice_or_in_a_circle_is_refused()
    {
        Should.Throw<ArgumentException>(() => Lists.With(School, [Branch]).Scope(Bureau)).Message.ShouldContain("301001-1");
        Should.Throw<ArgumentException>(() => Lists.With(Branch, [Bureau]).Scope(Bureau)).Message.ShouldContain("301 ");
    }

    [Fact]
    public void Lists_that_contradict_each_other_are_found_before_a_scope_is_asked_for()
    {
        Lists.Check(Bureau).ShouldBeEmpty();
        Rules(Lists.With(School, [Branch])).ShouldBe(["L-MEM-03 301001-1"]);
        Rules(Lists.With(new("777"), [Branch])).ShouldBe(["L-MEM-03 301001-1"]);
        Rules(Lists.With(Branch, [Bureau])).ShouldBe(["L-MEM-02 301001"]);
        Rules(Lists.With(Branch, [Centre])).ShouldBe(["L-MEM-03 301001"]);

        static IEnumerable<string> Rules(MemberLists lists) => lists.Check(Bureau).Select(f => $"{f.RuleId} {f.Arguments[0]}");
    }

    [Fact]
    public void Every_superior_of_a_unit_is_known()
    {
        Lists.SuperiorOf(Branch).ShouldBe(Centre);
        Lists.SuperiorOf(Bureau).ShouldBeNull();
        Lists.With(School, [Branch]).SuperiorsOf(Branch).ShouldBe([Centre, School]);
    }

    [Fact]
    public void The_way_down_is_found_even_where_lists_go_in_a_circle()
    {
        Lists.PathBetween(Bureau, Branch).ShouldBe([Bureau, Centre, Branch]);
        Lists.PathBetween(Branch, Bureau).ShouldBeNull();
        Lists.With(Branch, [Centre]).PathBetween(Centre, Bureau).ShouldBeNull();
    }

    [Fact]
    public void A_later_list_replaces_the_one_before_and_the_same_list_tells_nothing_new()
    {
        var first = new DetermineMembers(Day(1, 1), [new("301002"), new("301003")]);
        var second = first with { Members = [new("301003")] };
        var books = Opened.Do(first);

        books.Year.Holds(first with { Date = Day(12, 31) }).ShouldBeTrue();
        books.Year.Holds(second).ShouldBeFalse();
        books.Do(second).Year.Members!.Members.ShouldBe([new("301003")]);
    }

    [Fact]
    public void A_department_may_keep_a_member_that_it_has() =>
        (Opened with { MemberLists = MemberLists.None.With(Code, [new("301002")]) })
            .Decide(new DetermineMembers(Day(1, 1), [new("301002"), new("301003")])).IsRefused.ShouldBeFalse();
}
