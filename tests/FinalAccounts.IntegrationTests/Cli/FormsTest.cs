using FinalAccounts.IntegrationTests.PrivatePostgres;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Cli;

/// <summary>docs/forms.md leads a clerk through a new form: what it promises at each step.</summary>
public sealed class FormsTest : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_pack_that_only_extends_another_is_a_form()
    {
        var result = await Check("extends: hunan-2024");

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain("没有问题");
    }

    [Fact]
    public async Task A_table_of_which_only_the_id_stands_there_is_as_before()
    {
        Write("tables.yaml", "- id: 公开01\n- id: 公开02\n  title: 收入决算明细表\n");

        (await Check("extends: hunan-2024")).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("zh", "hunan-2025/narrative.yaml:5  没有名为“收入合记”的数字、统计数或标准。")]
    [InlineData("en", "hunan-2025/narrative.yaml:5  There is no quantity, statistic or standard '收入合记'.")]
    public async Task A_mistake_is_named_with_file_and_line(string language, string expected)
    {
        Write("narrative.yaml", "- id: 一\n- id: 二\n  text: |\n    收入合计\n    {{amount \"收入合记\"}}万元。\n");

        var result = await Check("extends: hunan-2024", "--lang", language);

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Output.ShouldContain(expected);
    }

    [Fact]
    public async Task A_pack_can_extend_one_that_is_being_written_beside_it()
    {
        Directory.CreateDirectory(directory["other"]);
        await File.WriteAllTextAsync(Path.Combine(directory["other"], "pack.yaml"), "extends: hunan-2024\nformats:\n  短: { decimals: 0 }\n");

        (await Check("extends: other")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_name_that_is_no_pack_is_answered_with_those_that_there_are()
    {
        var result = await Run("no-such-form");

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Error.ShouldContain("hunan-2024");
    }

    [Fact]
    public async Task All_packs_of_the_program_are_right()
    {
        var result = await Run();

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain("hunan-2024：没有问题");
    }

    private Task<FaResult> Check(string pack, params string[] options)
    {
        Write("pack.yaml", pack + "\n");
        return Run([directory["hunan-2025"], .. options]);
    }

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(directory["hunan-2025"]);
        File.WriteAllText(Path.Combine(directory["hunan-2025"], file), text);
    }

    private Task<FaResult> Run(params string[] arguments) =>
        new Fa(directory.Root, new Dictionary<string, string> { ["FINALACCOUNTS_DATA"] = directory["data"] }).RunAsync(["forms", "check", .. arguments]);
}
