using System.Text;
using FinalAccounts.Regions;
using FinalAccounts.Reporting.Fidelity;
using FinalAccounts.UnitTests.Import;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Golden;

/// <summary>Reading what a document is measured against.</summary>
public class TranscriptionTest
{
    /// <summary>The counts are those of the issue: amounts, blocks of the narrative, numbers.</summary>
    [Theory]
    [InlineData("yiyang-2024", 201, 32, 172)]
    [InlineData("huaihua-2024", 122, 58, 257)]
    [InlineData("haidong-2024", 211, 28, 154)]
    [InlineData("zhuzhou-2020", 527, 29, 213)]
    [InlineData("shuangpai-2024", 0, 20, 66)]
    public void Every_transcription_is_read_and_each_of_its_numbers_has_a_place_of_its_own(string sample, int cells, int blocks, int numbers)
    {
        var published = PublishedSample.Read(RepositoryFiles.Sample(sample))!.Published;

        published.Tables.SelectMany(t => t.Rows).SelectMany(r => r.Cells).Count(c => c.Text is not null).ShouldBe(cells);
        published.Texts.Count(t => t.Area == "说明").ShouldBe(blocks);

        // A document of nothing has nothing in common with it, but everything is placed and counted.
        var nothing = FidelityCheck.Compare(published, new(new("", 1, "", ""), [], []), []);
        nothing.Tallies[Matter.Number].ShouldBe(new Tally(0, numbers, 0));
        nothing.Tallies[Matter.Block].ShouldBe(new Tally(0, blocks, 0));
        nothing.Tallies[Matter.Cell].ShouldBe(new Tally(0, cells, 0));
    }

    [Theory]
    [InlineData("{", "1:2")]
    [InlineData("{}", "unit")]
    [InlineData("""{"unit":{"name":"甲","year":2024,"region":"乙"}}""", "'title' is missing")]
    [InlineData("""{"unit":{"name":"甲","year":"2024","region":"乙","title":"丙"}}""", "Number")]
    public void A_transcription_of_another_shape_is_refused(string json, string message) =>
        Should.Throw<TranscriptionException>(() => Transcription.Read(Encoding.UTF8.GetBytes(json))).Message.ShouldContain(message);

    [Fact]
    public void Declared_differences_are_read_and_a_mistake_is_named_with_its_line()
    {
        DeclaredDifference.Read("").ShouldBeEmpty();
        var declared = DeclaredDifference.Read("- 位置: 公开01/1/金额\n  公布: 12.34\n  原因: 笔误\n").ShouldHaveSingleItem();
        (declared.Where, declared.Published, declared.Computed, declared.Cause).ShouldBe(("公开01/1/金额", "12.34", null, "笔误"));

        Should.Throw<TranscriptionException>(() => DeclaredDifference.Read("- 位置: 公开01\n  公布: 1\n")).Message.ShouldContain("原因");
        Should.Throw<TranscriptionException>(() => DeclaredDifference.Read("- 位置: 公开01\n  原因: 笔误\n  程式: 1\n")).Message.ShouldStartWith("3:");
    }
}
