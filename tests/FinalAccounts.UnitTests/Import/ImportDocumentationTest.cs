using System.Globalization;
using FinalAccounts.Import;
using FinalAccounts.Ledger;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Import;

/// <summary>docs/import.md is what clerks go by: what the program asks for must stand there.</summary>
public class ImportDocumentationTest
{
    private static readonly string Text = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "import.md"));

    [Fact]
    public void Every_list_is_described_with_its_columns()
    {
        foreach (var format in BookFormats.All)
        {
            Text.ShouldContain(format.SheetName);
            foreach (var column in format.Columns)
            {
                Text.ShouldContain(column.Name, Case.Sensitive, $"{format.Name}: {column.Name}");
            }
        }
    }

    /// <summary>The columns of a CSV list stand there in one line, to be copied.</summary>
    [Fact]
    public void Headings_can_be_copied_from_the_description()
    {
        foreach (var format in BookFormats.All.Where(f => f.Extension == "csv"))
        {
            Text.ShouldContain($"`{string.Join(',', format.Columns.Select(c => c.Name))}`");
        }
    }

    [Fact]
    public void Every_rule_is_listed_once_with_its_words()
    {
        foreach (var rule in ImportRules.All)
        {
            var error = new ImportError(rule, ["…", "…", "…"], "");
            var words = ImportMessages.Problem(error, CultureInfo.InvariantCulture);
            var advice = ImportMessages.Advice(error, CultureInfo.InvariantCulture);
            Text.Split('\n').Count(line => line == $"| `{rule}` | {words} | {advice} |").ShouldBe(1, rule);
        }

        Text.Split('\n').Count(line => line.StartsWith("| `I-", StringComparison.Ordinal)).ShouldBe(ImportRules.All.Count);
    }

    [Fact]
    public void Terms_and_limits_are_the_programs()
    {
        foreach (var term in Terms.All<Fund>().Concat(Terms.All<SpendingKind>()).Concat(Terms.All<IncomeSource>()))
        {
            Text.ShouldContain(term);
        }

        Text.ShouldContain($"单个文件 {ImportLimits.FileBytes / 1024 / 1024} MB，每个清单 {ImportLimits.Rows} 行、{ImportLimits.Columns} 列");
        Text.ShouldContain($"CSV 的收入、支出清单 {ImportLimits.VoucherFileBytes / 1024 / 1024} MB、{ImportLimits.VoucherRows} 行");
        Text.ShouldContain($"单元格 {ImportLimits.CellCharacters} 字，YAML 中一段文字 {ImportLimits.TextCharacters} 字，工作簿解压后 {ImportLimits.UnpackedBytes / 1024 / 1024} MB");
        Text.ShouldContain($"最多列 {ImportLimits.ListedErrors} 处");
        Text.ShouldContain($"上限 {Money.InputLimit.ToYuan()} 元");
    }
}
