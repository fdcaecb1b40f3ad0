using System.Reflection;
using System.Text.RegularExpressions;
using Shouldly;

namespace FinalAccounts.CritterStackTests;

public sealed partial class EnginesPageTest
{
    [Fact]
    public async Task The_page_about_the_engines_lists_each_deviation()
    {
        var page = await File.ReadAllTextAsync(Repository.File("docs/engines.md"));

        FirstCell().Matches(page).Select(m => m.Groups[1].Value).ShouldBe(
            typeof(MartenDeviationTest).GetMethods().Where(m => m.GetCustomAttribute<FactAttribute>() is not null).Select(m => m.Name), ignoreOrder: true);
    }

    [GeneratedRegex("^\\| `([A-Za-z_]+)` \\| ", RegexOptions.Multiline)]
    private static partial Regex FirstCell();
}
