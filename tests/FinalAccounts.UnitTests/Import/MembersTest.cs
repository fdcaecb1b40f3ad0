using FinalAccounts.Import;
using FinalAccounts.Ledger.Consolidation;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Import;

/// <summary>汇总单位 in department.yaml. The sample's own code is 117005.</summary>
public class MembersTest
{
    [Fact]
    public void The_members_are_read_in_their_order_and_recorded_after_the_opening()
    {
        using var copy = Copy("\"117007\"", "117006-A");
        var books = copy.Read().Books!;

        ((DetermineMembers)books.Year.Others[1].Command).Members.ShouldBe([new("117007"), new("117006-A")]);
        ImportPlan.Make(books, [], []).Plan!.Streams[1].Events.ElementAt(1).ShouldBeOfType<MembersDetermined>();
    }

    [Fact]
    public void Without_members_nothing_is_recorded()
    {
        using var copy = new BooksCopy();
        copy.Append("department.yaml", "汇总单位: []");
        copy.Read().Books!.Year.ShouldNotContain(e => e.Command is DetermineMembers);
    }

    [Fact]
    public void What_is_no_code_is_reported_at_its_line()
    {
        using var copy = Copy("117006", "市社保中心");
        var error = copy.Read().Errors.Listed.ShouldHaveSingleItem();
        (error.RuleId, error.File, error.Line, error.Column, error.Value).ShouldBe(
            ("I-code-malformed", "department.yaml", copy.Lines("department.yaml").Length, "汇总单位", "市社保中心"));
    }

    [Theory]
    [InlineData("117006", "L-MEM-01")]
    [InlineData("117005", "L-MEM-02")]
    [InlineData("117009", "L-MEM-02")]
    [InlineData("117008", "L-MEM-03")]
    public void What_the_ledger_refuses_is_reported_at_the_line_of_the_member(string second, string rule)
    {
        // 117001 has 117008, and 117009 has the department of the sample itself.
        var others = MemberLists.None.With(new("117001"), [new("117008")]).With(new("117009"), [new("117005")]);
        using var copy = Copy("117006", second);

        var error = ImportPlan.Make(copy.Read().Books!, [], [], others).Errors.Listed.ShouldHaveSingleItem();

        (error.RuleId, error.File, error.Line).ShouldBe((rule, "department.yaml", copy.Lines("department.yaml").Length));
    }

    private static BooksCopy Copy(params string[] members)
    {
        var copy = new BooksCopy();
        copy.Append("department.yaml", string.Join("\n  - ", members.Prepend("汇总单位:")));
        return copy;
    }
}
