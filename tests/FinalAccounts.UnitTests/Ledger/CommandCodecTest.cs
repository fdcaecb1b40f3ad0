using System.Text;
using System.Text.Json;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Disclosure;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Ledger;

public sealed class CommandCodecTest
{
    [Fact]
    public void A_supplement_is_read_from_json()
    {
        var command = Read("supplement-budget", """
            {"date":"2024-06-03","documentNumber":"财预〔2024〕9号","purpose":"追加专项",
             "lines":[{"function":"2080101","fund":"一般公共预算","kind":"项目支出","project":"专项","amount":1234500}]}
            """).ShouldBeOfType<SupplementBudget>();

        command.Date.ShouldBe(new(2024, 6, 3));
        command.DocumentNumber.ShouldBe("财预〔2024〕9号");
        var line = command.Lines.ShouldHaveSingleItem();
        (line.Function, line.Fund, line.Kind, line.Amount).ShouldBe((new FunctionCode("2080101"), Fund.GeneralPublicBudget, SpendingKind.Project, new Money(1_234_500)));
    }

    [Theory]
    [InlineData("""{"date":"2024-06-03","documentNumber":"a","purpose":"b"}""")]
    [InlineData("""{"date":"2024-06-03","documentNumber":"a","purpose":null,"lines":[]}""")]
    [InlineData("""{"date":"2024-06-03","documentNumber":"a","purpose":"b","lines":[null]}""")]
    [InlineData("""{"date":"2024-06-03","documentNumber":"a","purpose":"b","lines":[],"actor":"c"}""")]
    [InlineData("""{"date":"2024-06-03","date":"2024-06-03","documentNumber":"a","purpose":"b","lines":[]}""")]
    [InlineData("""{"date":"2024-02-30","documentNumber":"a","purpose":"b","lines":[]}""")]
    [InlineData("null")]
    public void What_does_not_have_the_shape_is_refused(string body) => Should.Throw<JsonException>(() => Read("supplement-budget", body));

    [Fact]
    public void Every_command_is_read_from_json_but_those_that_are_about_the_whole_year()
    {
        Type[] others = [typeof(SubmitYear), typeof(CloseYear), typeof(ReopenYear), typeof(PublishDisclosure)];
        var commands = typeof(YearCommand).Assembly.GetTypes()
            .Where(t => !t.IsAbstract && (t.IsSubclassOf(typeof(YearCommand)) || t.IsSubclassOf(typeof(DepartmentCommand))));

        CommandCodec.Types.Select(t => t.ClrType).ShouldBe(commands.Except(others), ignoreOrder: true);
        CommandCodec.Types.ShouldAllBe(t => CommandCodec.Find(t.Name) == t);
    }

    private static object Read(string name, string body) => CommandCodec.Decode(CommandCodec.Find(name)!, Encoding.UTF8.GetBytes(body));
}
