using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FinalAccounts.Documents;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Documents;

public class JsonWriterTest
{
    private static readonly string Text = Encoding.UTF8.GetString(JsonWriter.Write(SampleDisclosure.Document()));
    private static readonly JsonNode Json = JsonNode.Parse(Text)!;

    [Fact]
    public void The_parts_come_in_a_fixed_order() => Json.AsObject().Select(p => p.Key)
        .ShouldBe(["unit", "tables", "overview", "narrative", "glossary", "attachments", "figures"]);

    [Fact]
    public void It_is_indented_with_line_feeds_and_Chinese_as_itself()
    {
        Text.ShouldStartWith("{\n  \"unit\": {\n    \"name\": \"示例市示例局\",\n    \"year\": 2031,\n");
        Text.ShouldEndWith("}\n");
        Text.ShouldNotContain("\r");
        Text.ShouldNotContain("\\u");
    }

    [Fact]
    public void Keys_that_a_row_does_not_have_are_left_out_and_blank_cells_are_null()
    {
        var rows = Json["tables"]!["公开01"]!["rows"]!.AsArray();
        rows[0]!.ToJsonString(Relaxed).ShouldBe("""{"side":"收入","name":"一、财政拨款收入","line":1,"cells":{"金额":"12.34"}}""");
        rows[1]!.ToJsonString(Relaxed).ShouldBe("""{"side":"收入","line":2,"cells":{"金额":null}}""");
        Json["tables"]!["公开02"]!["rows"]![3]!.ToJsonString(Relaxed)
            .ShouldBe("""{"code":"2010101","name":"公务接待费","cells":{"本年支出/小计":"-12.34","本年支出/基本支出":null}}""");
    }

    [Fact]
    public void A_table_has_title_unit_columns_rows_and_notes()
    {
        var table = Json["tables"]!["公开06"]!.AsObject();
        table.Select(p => p.Key).ShouldBe(["title", "unitOfAmount", "columns", "rows", "notes"]);
        table["columns"]!.ToJsonString(Relaxed).ShouldBe("""["决算数"]""");
        table["notes"]!.ToJsonString(Relaxed).ShouldBe("""["注：一。","注：二。"]""");
    }

    [Fact]
    public void Text_parts_are_arrays_under_their_keys_and_drafts_are_told_apart()
    {
        Json["overview"]!.ToJsonString(Relaxed).ShouldBe("""[{"heading":"一、部门职责","level":1,"text":"（一）起草规范。\n（二）承办其他工作。"}]""");
        var narrative = Json["narrative"]!.AsArray();
        narrative.Count.ShouldBe(4);
        var drafts = narrative[0]!["drafts"]!.AsArray().Single()!;
        ((string)narrative[0]!["text"]!).Substring((int)drafts["start"]!, (int)drafts["length"]!).ShouldBe("主要原因是年中追加人员经费。");
        narrative[1]!.AsObject().Select(p => p.Key).ShouldBe(["heading", "level", "text"]);
    }

    [Fact]
    public void Every_figure_is_listed_in_order_and_found_where_it_says()
    {
        var figures = Json["figures"]!.AsArray();
        figures.Select(f => (string)f!["address"]!).ShouldBe(SampleDisclosure.Document().Figures.Select(f => f.Address));
        foreach (var figure in figures)
        {
            var place = figure!["where"]!.AsArray().Single()!;
            var found = place["table"] is { } table
                ? (string?)Json["tables"]![(string)table!]!["rows"]![(int)place["row"]!]!["cells"]![(string)place["column"]!]
                : ((string)Json[(string)place["part"]!]![(int)place["block"]!]!["text"]!).Substring((int)place["start"]!, (int)place["length"]!);
            found.ShouldBe((string?)figure["printed"]);
        }
    }

    [Fact]
    public void A_number_in_a_heading_is_found_there()
    {
        var json = JsonNode.Parse(JsonWriter.Write(SampleDisclosure.WithNumberInHeading()))!;
        json["figures"]!.AsArray()[^1]!["where"]!.ToJsonString(Relaxed)
            .ShouldBe("""[{"part":"narrative","block":4,"heading":"①车辆3辆","in":"heading","start":3,"length":1}]""");
    }

    [Fact]
    public void Money_is_exact_in_fen_and_a_percentage_by_its_two_totals()
    {
        Exact("说明/一/收入总计").ShouldBe("""{"fen":123456}""");
        Exact("说明/一/增加的百分比").ShouldBe("""{"numerator":3333,"denominator":10000}""");
        Exact("说明/二/车辆").ShouldBe("""{"numerator":3,"denominator":1}""");
    }

    [Fact]
    public void An_exact_value_beyond_64_bits_is_written_out_in_full()
    {
        var document = SampleDisclosure.Document();
        var large = document.Figures[0] with { Unit = "%", Exact = new(Int128.MinValue, Int128.MaxValue) };
        var text = Encoding.UTF8.GetString(JsonWriter.Write(document with { Figures = [large] }));
        text.ShouldContain("\"numerator\": -170141183460469231731687303715884105728,");
        text.ShouldContain("\"denominator\": 170141183460469231731687303715884105727\n");
    }

    [Theory]
    [InlineData("\"},\"x\":{\"")]
    [InlineData("\\")]
    [InlineData("\u0000\b\t\r\n\u001f\u007f\u2028")]
    [InlineData("𠮷\u3000<>&'+")]
    public void Any_text_comes_back_as_it_was(string hostile)
    {
        var json = JsonNode.Parse(JsonWriter.Write(SampleDisclosure.With(hostile, "项")))!;
        ((string)json["unit"]!["name"]!).ShouldBe(hostile);
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() =>
        ((string)JsonNode.Parse(JsonWriter.Write(SampleDisclosure.With("甲\udc00乙\ud800", "项")))!["unit"]!["name"]!).ShouldBe("甲\ufffd乙\ufffd");

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Exact(string address) =>
        Json["figures"]!.AsArray().Single(f => (string)f!["address"]! == address)!["exact"]!.ToJsonString();
}
