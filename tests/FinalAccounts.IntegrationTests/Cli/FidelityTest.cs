using System.Text.Json;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Cli;

/// <summary><c>fa fidelity</c> as a process: what it prints, what it ends with, and that it needs no database.</summary>
public sealed class FidelityTest : IDisposable
{
    private const string Heading = "- 位置: 公开08/标题";
    private readonly TemporaryDirectory directory = new();

    public FidelityTest()
    {
        Directory.CreateDirectory(Sample);
        foreach (var file in Directory.EnumerateFiles(Fa.Sample))
        {
            File.Copy(file, Path.Combine(Sample, Path.GetFileName(file)));
        }
    }

    private string Sample => directory["samples/yiyang-2024"];

    private string Declared => Path.Combine(Sample, "differences.yaml");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Declared_differences_are_printed_with_their_causes_and_pass()
    {
        var result = await RunAsync(Sample);

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain("201/201");
        result.Output.ShouldContain("172/172");
        result.Output.ShouldContain("31/32");
        result.Output.ShouldContain("原因：公开文本在两段文字相接处多印一个句号");
        Directory.Exists(Path.Combine(directory["data"], "postgres")).ShouldBeFalse("comparing needs no database");
    }

    [Fact]
    public async Task A_difference_that_is_not_declared_fails()
    {
        File.WriteAllText(Declared, "");

        var result = await RunAsync(Sample);

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Output.ShouldContain("公开08/标题");
        result.Output.ShouldContain("未声明");
    }

    [Fact]
    public async Task A_declared_difference_that_does_not_occur_fails()
    {
        File.AppendAllText(Declared, "\n- 位置: 公开01/支出/57/金额\n  公布: \"841.69\"\n  程序: \"841.70\"\n  原因: 试验\n");

        var result = await RunAsync(Sample, "--lang", "en");

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Output.ShouldContain("declared, but does not occur: 公开01/支出/57/金额");
    }

    [Fact]
    public async Task Several_folders_give_a_row_each_and_one_without_a_publication_none()
    {
        var other = directory["samples/other"];
        Directory.CreateDirectory(other);

        var result = await RunAsync(Sample, other, "--json");

        result.ExitCode.ShouldBe(0, result.ToString());
        var samples = JsonDocument.Parse(result.Output).RootElement;
        samples.GetArrayLength().ShouldBe(2);
        samples[0].GetProperty("tallies").GetProperty("cell").GetProperty("equal").GetInt32().ShouldBe(201);
        samples[0].GetProperty("differences").GetArrayLength().ShouldBe(4);
        samples[1].GetProperty("tallies").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_mistake_in_the_declarations_is_named_with_file_and_line()
    {
        File.WriteAllText(Declared, $"{Heading}\n  原因: 试验\n  程式: 1\n");

        var result = await RunAsync(Sample);

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Error.ShouldContain("differences.yaml: 3:");
    }

    [Fact]
    public async Task Last_years_books_go_with_one_folder_only()
    {
        var result = await RunAsync(Sample, Sample, "--prior", Sample);

        result.ExitCode.ShouldBe(2, result.ToString());
        result.Error.ShouldContain("--prior");
    }

    private Task<FaResult> RunAsync(params string[] arguments) =>
        new Fa(directory.Root, new Dictionary<string, string> { ["FINALACCOUNTS_DATA"] = directory["data"] }).RunAsync(["fidelity", .. arguments]);
}
