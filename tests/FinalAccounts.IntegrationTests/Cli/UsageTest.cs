using FinalAccounts.IntegrationTests.PrivatePostgres;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Cli;

public sealed class UsageTest : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("用法", "--help")]
    [InlineData("Usage", "--help", "--lang", "en")]
    [InlineData("年终结账", "close", "--help")]
    [InlineData("close a department's year", "close", "--help", "--lang=en")]
    public async Task Help_is_in_the_language_that_is_asked_for(string expected, params string[] arguments)
    {
        var result = await Run().RunAsync(arguments);

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain(expected);
    }

    [Theory]
    [InlineData("zh_CN.UTF-8", "用法")]
    [InlineData("en_GB.UTF-8", "Usage")]
    [InlineData("C", "用法")]
    public async Task The_language_follows_the_system_and_is_Chinese_otherwise(string locale, string expected)
    {
        var result = await new Fa(directory.Root, new Dictionary<string, string> { ["LC_ALL"] = locale }).RunAsync("--help");

        result.Output.ShouldContain(expected);
    }

    [Theory]
    [InlineData("不认识“clsoe”", "clsoe")]
    [InlineData("缺少参数 <部门>", "close")]
    [InlineData("“twenty”不是", "close", "117005", "twenty")]
    [InlineData("--reason", "reopen", "117005", "2024", "--authority", "x")]
    [InlineData("不认识“extra”", "close", "117005", "2024", "extra")]
    [InlineData("年度 1999 不在", "close", "117005", "1999")]
    [InlineData("“2024-02-30”不是日期", "close", "117005", "2024", "--date", "2024-02-30")]
    [InlineData("找不到", "import", "no-such-folder")]
    [InlineData("不是六位行政区划代码", "init", "43")]
    [InlineData("找不到", "verify", "--seal", "no-such-file")]
    [InlineData("找不到", "replay", "--forms", "no-such-folder")]
    [InlineData("年度 1999 不在", "replay", "--year", "1999")]
    public async Task A_wrong_command_line_is_explained_and_nothing_is_tried(string expected, params string[] arguments)
    {
        var result = await Run().RunAsync(arguments);

        result.ExitCode.ShouldBe(2, result.ToString());
        result.Error.ShouldContain(expected);
        result.Output.ShouldBeEmpty();
        Directory.Exists(Path.Combine(directory["data"], "postgres")).ShouldBeFalse("no server is started for a wrong command line");
    }

    [Fact]
    public async Task The_command_alone_shows_what_there_is()
    {
        var result = await Run().RunAsync();

        result.ExitCode.ShouldBe(2);
        foreach (var command in new[] { "demo", "init", "import", "close", "reopen", "report", "figures", "explain", "verify", "replay", "log" })
        {
            result.Output.ShouldContain($"  {command} ");
        }
    }

    [Fact]
    public async Task A_wrong_connection_string_is_named_without_repeating_it()
    {
        var fa = new Fa(directory.Root, new Dictionary<string, string> { ["FINALACCOUNTS_DATABASE"] = "Host=x;Pasword=secret" });

        var result = await fa.RunAsync("verify");

        result.ExitCode.ShouldBe(2, result.ToString());
        result.Error.ShouldContain("FINALACCOUNTS_DATABASE");
        result.ToString().ShouldNotContain("secret");
    }

    private Fa Run() => new(directory.Root, new Dictionary<string, string> { ["FINALACCOUNTS_DATA"] = directory["data"] });
}
