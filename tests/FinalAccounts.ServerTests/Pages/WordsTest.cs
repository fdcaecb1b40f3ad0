using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Resources;
using FinalAccounts.Regions;
using FinalAccounts.Server;
using Shouldly;

namespace FinalAccounts.ServerTests.Pages;

/// <summary>Texts that are looked up in turn.</summary>
public sealed class WordsTest
{
    /// <summary>What is asked for by the library would else be answered with a text of the server's.</summary>
    [Fact]
    public void No_text_of_the_server_has_the_name_of_one_that_lies_below_it()
    {
        var below = NamesOf(typeof(Words).Assembly, "FinalAccounts.Regions.Messages");
        var server = typeof(ServerApplication).Assembly;
        var above = server.GetManifestResourceNames().Where(n => n.EndsWith(".Messages.resources", StringComparison.Ordinal)).ToList();

        above.Count.ShouldBeGreaterThan(2);
        above.SelectMany(name => NamesOf(server, name[..^".resources".Length])).Intersect(below).ShouldBeEmpty();
    }

    private static HashSet<string> NamesOf(Assembly assembly, string name) =>
        [.. new ResourceManager(name, assembly).GetResourceSet(CultureInfo.InvariantCulture, true, true)!.Cast<DictionaryEntry>().Select(e => (string)e.Key)];
}
