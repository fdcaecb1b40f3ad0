using System.Xml.Linq;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Rules;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Ledger;

/// <summary>The generated pages under docs/ say what the code says.</summary>
public class CatalogueTest
{
    [Fact]
    public void The_page_of_events_is_the_one_that_the_code_gives() =>
        EventCatalogue.ToMarkdown(XDocument.Load(Path.ChangeExtension(typeof(EventCatalogue).Assembly.Location, ".xml")))
            .ShouldBe(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "events.md")));

    [Fact]
    public void The_page_of_rules_is_the_one_that_the_code_gives() =>
        RuleCatalogue.ToMarkdown().ShouldBe(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "rules.md")));

    [Fact]
    public void A_member_without_a_word_of_documentation_is_refused()
    {
        var documentation = XDocument.Load(Path.ChangeExtension(typeof(EventCatalogue).Assembly.Location, ".xml"));
        documentation.Descendants("param").Where(p => p.Attribute("name")!.Value == "Achievements").Remove();

        Should.Throw<ArgumentException>(() => EventCatalogue.ToMarkdown(documentation)).Message.ShouldContain("Achievements");
    }
}
