using System.Text;
using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Execution;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Import;

/// <summary>Commands on lines are books like lists are.</summary>
public class CommandLinesTest
{
    private const string Receipt = """{"command":"receive-income","body":{"date":"2024-03-01","voucher":"收-1","summary":"拨款","lines":[]}}""";

    /// <summary>The commands that lists give, written as lines and read again, make the same plan.</summary>
    [Fact]
    public void The_commands_of_a_sample_come_back_from_lines()
    {
        var books = BooksReader.Read(RepositoryFiles.Sample("yiyang-2024"), BooksCopy.Standards).Books!;
        var lines = books.Department.Select(e => (object)e.Command).Concat(books.Year.Select(e => e.Command)).Select(Line);

        var (read, errors) = CommandLines.Read(
            books.Region, books.DepartmentCode, books.FiscalYear, Encoding.UTF8.GetBytes(string.Join('\n', lines)), _ => true);

        errors.Listed.ShouldBeEmpty();
        ImportPlan.Make(read!, [], []).Plan!.CommandId.ShouldBe(ImportPlan.Make(books, [], []).Plan!.CommandId);
    }

    [Fact]
    public void Master_data_and_books_are_told_apart_and_empty_lines_are_left_out()
    {
        var books = Read($"{"""{"command":"register-department","body":{"date":"2024-01-01","code":"401001","name":"某局","regionName":"某市"}}"""}\r\n\n{Receipt}\n").Books!;

        books.Department.ShouldHaveSingleItem().Command.ShouldBeOfType<RegisterDepartment>();
        var entry = books.Year.ShouldHaveSingleItem();
        entry.Command.ShouldBeOfType<ReceiveIncome>();
        entry.Rows.Row.Line.ShouldBe(3);
    }

    [Theory]
    [InlineData("{", "I-command-malformed")]
    [InlineData("[]", "I-command-malformed")]
    [InlineData("""{"command":"receive-income"}""", "I-command-malformed")]
    [InlineData("""{"command":"receive-income","body":{"date":"2024-03-01"}}""", "I-command-malformed")]
    [InlineData("""{"command":"close-year","body":{}}""", "I-command-unknown")]
    public void A_wrong_line_is_named(string line, string rule)
    {
        var errors = Read(Receipt + "\n" + line).Errors;

        var error = errors.Listed.ShouldHaveSingleItem();
        (error.RuleId, error.File, error.Line).ShouldBe((rule, CommandLines.FileName, 2));
    }

    [Fact]
    public void What_the_ledger_refuses_is_named_with_line_and_member()
    {
        var opened = """{"command":"open-fiscal-year","body":{"date":"2024-01-01","department":"401001","year":2024,"formPack":"x","overspending":"拒绝","openingBalances":[],"standards":[]}}""";
        var registered = """{"command":"register-department","body":{"date":"2024-01-01","code":"401001","name":"某局","regionName":"某市"}}""";
        var wrong = Receipt.Replace("[]", """[{"function":"9999999","source":"财政拨款收入","fund":"一般公共预算","amount":100}]""", StringComparison.Ordinal);

        var error = ImportPlan.Make(Read(string.Join('\n', registered, opened, wrong)).Books!, [], []).Errors.Listed.ShouldHaveSingleItem();

        (error.RuleId, error.Line, error.Column).ShouldBe(("L-CODE-01", 3, "lines[0].function"));
    }

    [Fact]
    public void A_form_pack_that_is_not_there_is_refused()
    {
        var opened = """{"command":"open-fiscal-year","body":{"date":"2024-01-01","department":"401001","year":2024,"formPack":"x","overspending":"拒绝","openingBalances":[],"standards":[]}}""";

        CommandLines.Read(new("430900"), new("401001"), new(2024), Encoding.UTF8.GetBytes(opened), _ => false)
            .Errors.Listed.ShouldHaveSingleItem().RuleId.ShouldBe("I-form-pack-unknown");
    }

    private static string Line(object command) =>
        $$"""{"command":"{{CommandCodec.Types.Single(t => t.ClrType == command.GetType()).Name}}","body":{{Encoding.UTF8.GetString(CommandCodec.Encode(command))}}}""";

    private static ReadResult Read(string text) => CommandLines.Read(new("430900"), new("401001"), new(2024), Encoding.UTF8.GetBytes(text), _ => true);
}
