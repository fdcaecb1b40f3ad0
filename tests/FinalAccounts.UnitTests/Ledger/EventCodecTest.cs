using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Ledger;

/// <summary>What is stored once can be read for ever, and nothing else is taken for an event.</summary>
public class EventCodecTest
{
    public static TheoryData<string> StoredExamples() => [.. Directory.GetFiles(RepositoryFiles.StoredEvents).Select(f => Path.GetFileName(f)!)];

    [Theory]
    [MemberData(nameof(StoredExamples))]
    public void An_event_stored_by_any_version_is_read_and_written_again_byte_for_byte(string file)
    {
        var (alias, version, body) = Read(file);

        var encoded = EventCodec.Encode(EventCodec.Decode(alias, version, body));

        Encoding.UTF8.GetString(encoded.Body).ShouldBe(Encoding.UTF8.GetString(body));
        (encoded.Type, encoded.SchemaVersion).ShouldBe((alias, version));
    }

    [Fact]
    public void Every_event_type_has_a_stored_example() =>
        EventCodec.Types.Select(t => $"{t.Alias}.v{t.SchemaVersion}.json").Except(Directory.GetFiles(RepositoryFiles.StoredEvents).Select(Path.GetFileName)).ShouldBeEmpty();

    [Fact]
    public void Every_event_of_the_ledger_is_in_the_codec() =>
        typeof(LedgerEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(LedgerEvent))).ShouldBe(EventCodec.Types.Select(t => t.ClrType), ignoreOrder: true);

    [Fact]
    public void Whatever_an_event_carries_comes_back_as_the_same_bytes() =>
        Prop.ForAll(EventGenerator.Any.ToArbitrary(), e =>
        {
            var first = EventCodec.Encode(e);
            var second = EventCodec.Encode(EventCodec.Decode(first.Type, first.SchemaVersion, first.Body));
            return first.Body.AsSpan().SequenceEqual(second.Body);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Theory]
    [MemberData(nameof(StoredExamples))]
    public void A_missing_member_is_refused_unless_it_may_be_left_out(string file)
    {
        var (alias, version, body) = Read(file);
        var optional = new[] { "officeRank", "function", "kind", "project", "economic", "meetings", "unit", "application", "fund", "funds", "approved", "retired", "counterparty", "grade", "formPack", "program" };
        foreach (var path in Members(JsonNode.Parse(body)!).ToList())
        {
            var changed = JsonNode.Parse(body)!;
            var owner = path[..^1].Aggregate(changed, (node, step) => step is int i ? node[i]! : node[(string)step]!).AsObject();
            var member = (string)path[^1];
            owner.Remove(member);
            if (!MayBeLeftOut(alias, member, owner, optional))
            {
                Should.Throw<JsonException>(() => EventCodec.Decode(alias, version, Bytes(changed)), $"{file} without {string.Join('.', path)}");
            }
            else
            {
                EventCodec.Decode(alias, version, Bytes(changed)).ShouldNotBeNull();
            }
        }
    }

    [Theory]
    [MemberData(nameof(StoredExamples))]
    public void A_member_that_is_null_or_of_another_kind_is_refused(string file)
    {
        var (alias, version, body) = Read(file);
        foreach (var path in Members(JsonNode.Parse(body)!).ToList())
        {
            foreach (var wrong in new JsonNode?[] { null, JsonValue.Create(true), JsonValue.Create(1.5), new JsonObject() })
            {
                var changed = JsonNode.Parse(body)!;
                var owner = path[..^1].Aggregate(changed, (node, step) => step is int i ? node[i]! : node[(string)step]!).AsObject();
                owner[(string)path[^1]] = wrong?.DeepClone();
                Should.Throw<JsonException>(() => EventCodec.Decode(alias, version, Bytes(changed)), $"{file}: {string.Join('.', path)} = {wrong?.ToJsonString()}");
            }
        }
    }

    [Theory]
    [InlineData("""{"date":"2024-12-31","lines":[],"note":"x"}""", "a member that the event does not have")]
    [InlineData("""{"date":"2024-12-31","Lines":[]}""", "a member in another case")]
    [InlineData("""{"date":"2024-12-31","date":"2024-12-31","lines":[]}""", "a member twice")]
    [InlineData("""{"date":"2024-12-31","lines":[null]}""", "a null in a list")]
    [InlineData("""{"date":"2024-02-30","lines":[]}""", "a day that does not exist")]
    [InlineData("""{"date":"2024-12-31T00:00:00","lines":[]}""", "a date with a time")]
    [InlineData("""{"date":"2024-12-31","lines":[{"fund":"一般公共预算","amount":1.0}]}""", "an amount with decimals")]
    [InlineData("""{"date":"2024-12-31","lines":[{"fund":"一般公共预算","amount":"1"}]}""", "an amount as text")]
    [InlineData("""{"date":"2024-12-31","lines":[{"fund":"一般公共预算","amount":9223372036854775808}]}""", "an amount beyond the range")]
    [InlineData("""{"date":"2024-12-31","lines":[{"fund":0,"amount":1}]}""", "a term as number")]
    [InlineData("""{"date":"2024-12-31","lines":[{"fund":"GeneralPublicBudget","amount":1}]}""", "a term in English")]
    [InlineData("""{"date":"2024-12-31","lines":[{"fund":"","amount":1}]}""", "an empty term")]
    [InlineData("""{"date":"2024-12-31","lines":[{"fund":"其他资金","function":"20801011","amount":1}]}""", "a code of eight digits")]
    [InlineData("""{"date":"2024-12-31","lines":[],}""", "a trailing comma")]
    [InlineData("""{"date":"2024-12-31","lines":[]}/**/""", "a comment")]
    [InlineData("""{"date":"2024-12-31","lines":[]}{}""", "something after the end")]
    [InlineData("""null""", "null")]
    [InlineData("""[]""", "a list")]
    [InlineData("", "nothing")]
    public void A_body_is_refused_for(string body, string what) =>
        Should.Throw<JsonException>(() => EventCodec.Decode("carry-over-determined", 1, Encoding.UTF8.GetBytes(body)), what);

    [Fact]
    public void The_year_of_a_body_is_a_fiscal_year() =>
        Should.Throw<JsonException>(() => EventCodec.Decode(
            "comparatives-imported", 1, Encoding.UTF8.GetBytes("""{"date":"2024-12-31","year":2006,"source":"x","items":[]}""")));

    [Theory]
    [InlineData("expenditure-posted", 2)]
    [InlineData("expenditure-posted", 0)]
    [InlineData("Expenditure-posted", 1)]
    [InlineData("", 1)]
    public void An_unknown_type_or_version_is_refused(string alias, int version) =>
        Should.Throw<NotSupportedException>(() => EventCodec.Decode(alias, version, "{}"u8));

    [Fact]
    public void Content_is_the_same_by_value_and_type()
    {
        var posted = new ExpenditurePosted(Books.Day(3, 1), "记1", "办公费", [Books.Posting(1)]);

        EventCodec.SameContent(posted, posted with { Lines = [Books.Posting(1)] }).ShouldBeTrue();
        EventCodec.SameContent(posted, posted with { Lines = [Books.Posting(2)] }).ShouldBeFalse();
        EventCodec.SameContent(posted, posted with { Date = Books.Day(3, 2) }).ShouldBeFalse();
        EventCodec.SameContent(
            new FinalAccounts.Ledger.Budget.BudgetAppropriated(Books.Day(3, 1), "1", "p", []),
            new FinalAccounts.Ledger.Budget.BudgetSupplemented(Books.Day(3, 1), "1", "p", [])).ShouldBeFalse();
    }

    private static (string Alias, int Version, byte[] Body) Read(string file)
    {
        // <alias>.v<version>.json; the line feed at the end is the file's, not the body's.
        var parts = file.Split('.');
        var body = File.ReadAllBytes(Path.Combine(RepositoryFiles.StoredEvents, file));
        body[^1].ShouldBe((byte)'\n');
        return (parts[0], int.Parse(parts[1][1..], System.Globalization.CultureInfo.InvariantCulture), body[..^1]);
    }

    /// <summary>Which members each event and part may leave out; all others are required.</summary>
    private static bool MayBeLeftOut(string alias, string member, JsonObject owner, string[] optional) => (alias, member) switch
    {
        _ when !optional.Contains(member) => false,
        (_, "formPack") => alias == "disclosure-published",
        (_, "program") => true,
        (_, "officeRank" or "application" or "meetings" or "funds" or "grade" or "economic" or "project" or "counterparty") =>

            // A posting always has its economic code.
            !(member == "economic" && owner.ContainsKey("source")),
        ("fiscal-year-opened" or "carry-over-determined", "function" or "kind") => true,
        ("performance-targets-set", "unit") => true,
        ("self-evaluation-reported", "fund") => true,
        ("profile-revised", "approved" or "retired") => true,
        _ => false,
    };

    private static IEnumerable<object[]> Members(JsonNode node) => node switch
    {
        JsonObject o => o.SelectMany(m => Members(m.Value!).Select(rest => (object[])[m.Key, .. rest]).Prepend([m.Key])),
        JsonArray a => a.SelectMany((item, i) => Members(item!).Select(rest => (object[])[i, .. rest])),
        _ => [],
    };

    private static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());
}
