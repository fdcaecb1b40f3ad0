using System.Text;
using FinalAccounts.Reporting.Replays;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>What moved is told figure by figure, cell by cell and sentence by sentence, and nothing else is.</summary>
public class DocumentDriftTest
{
    private const string Document =
        """
        {"unit":{"name":"某中心","year":"2024"},
        "tables":{"公开05表":{"title":"支出表","rows":[
          {"code":"2080101","name":"行政运行","cells":{"合计":"1.00","基本支出":"1.00"}},
          {"code":"2080199","name":"其他","cells":{"合计":"2.00","基本支出":"0.00"}}],"notes":["注：一","注：二"]}},
        "narrative":[{"heading":"一、收入","level":1,"text":"收入3万元。比上年增加1万元。主要原因是甲。"},{"heading":"二、支出","level":1,"text":"支出3万元。"}],
        "glossary":[{"term":"财政拨款","definition":"甲。"}],"attachments":["附件一"],
        "figures":[
          {"address":"公开05/2080101/合计","name":"支出","unit":"万元","exact":{"fen":1000000},"printed":"1.00","rounding":"四舍五入","where":[{"start":1,"length":2}]},
          {"address":"说明/一/收入","name":"收入","unit":"万元","exact":{"fen":3000000},"printed":"3","rounding":"四舍五入","where":[{"start":4,"length":1}]}]}
        """;

    [Fact]
    public void The_same_bytes_have_not_moved() => DocumentDrift.Between(Bytes(Document), Bytes(Document)).ShouldBeEmpty();

    [Theory]
    [InlineData("\"合计\":\"1.00\"", "\"合计\":\"1.50\"", MovedKind.Cell, "公开05表/2080101 行政运行/合计", "1.00", "1.50")]
    [InlineData("\"printed\":\"3\"", "\"printed\":\"4\"", MovedKind.Figure, "说明/一/收入", "3", "4")]
    [InlineData("\"fen\":3000000", "\"fen\":3000001", MovedKind.Figure, "说明/一/收入", "{\"fen\":3000000}", "{\"fen\":3000001}")]
    [InlineData("比上年增加1万元。", "比上年减少1万元。", MovedKind.Text, "narrative/一、收入", "比上年增加1万元。", "比上年减少1万元。")]
    [InlineData("比上年增加1万元。", "", MovedKind.Text, "narrative/一、收入", "比上年增加1万元。", null)]
    [InlineData("\"支出表\"", "\"支出决算表\"", MovedKind.Text, "公开05表/title", "支出表", "支出决算表")]
    [InlineData(",\"注：二\"", "", MovedKind.Text, "公开05表/notes/2", "注：二", null)]
    [InlineData("\"definition\":\"甲。\"", "\"definition\":\"乙。\"", MovedKind.Text, "glossary/财政拨款/definition", "甲。", "乙。")]
    [InlineData("\"start\":4", "\"start\":5", MovedKind.Text, "figures/收入/where/1/start", "4", "5")]
    public void One_change_is_one_thing_that_moved(string from, string to, MovedKind kind, string where, string? published, string? now) =>
        DocumentDrift.Between(Bytes(Document), Bytes(Document.Replace(from, to, StringComparison.Ordinal)))
            .ShouldHaveSingleItem().ShouldBe(new(kind, where, published, now));

    [Fact]
    public void A_row_or_block_that_is_new_does_not_move_those_behind_it()
    {
        const string row = """{"code":"2080102","name":"新","cells":{"合计":"9.00"}},""";
        const string block = """{"heading":"零、新","level":1,"text":"新。"},""";
        var now = Document.Replace("{\"code\":\"2080199\"", row + "{\"code\":\"2080199\"", StringComparison.Ordinal)
            .Replace("{\"heading\":\"一、收入\"", block + "{\"heading\":\"一、收入\"", StringComparison.Ordinal);

        var moved = DocumentDrift.Between(Bytes(Document), Bytes(now));

        moved.Select(m => (m.Where, m.Published)).ShouldBe([("公开05表/2080102 新", null), ("narrative/零、新", null)]);
    }

    [Fact]
    public void A_figure_that_is_gone_and_one_that_is_new_are_told_by_their_printed_text()
    {
        var moved = DocumentDrift.Between(Bytes(Document), Bytes(Document.Replace("说明/一/收入", "说明/一/总收入", StringComparison.Ordinal)));

        moved.ShouldBe([new(MovedKind.Figure, "说明/一/收入", "3", null), new(MovedKind.Figure, "说明/一/总收入", null, "3")]);
    }

    [Fact]
    public void Where_a_figure_stands_follows_from_its_sentence_and_is_not_told_twice()
    {
        var now = Document.Replace("收入3万元。", "收入共3万元。", StringComparison.Ordinal).Replace("\"start\":4", "\"start\":5", StringComparison.Ordinal);

        DocumentDrift.Between(Bytes(Document), Bytes(now)).ShouldHaveSingleItem().ShouldBe(new(MovedKind.Text, "narrative/一、收入", "收入3万元。", "收入共3万元。"));
    }

    [Fact]
    public void The_same_content_written_otherwise_is_told_as_such() =>
        DocumentDrift.Between(Bytes(Document), Bytes(Document + "\n")).ShouldHaveSingleItem().Kind.ShouldBe(MovedKind.Bytes);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
