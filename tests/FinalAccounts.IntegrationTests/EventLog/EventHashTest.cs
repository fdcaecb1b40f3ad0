using System.Security.Cryptography;
using System.Text;
using FinalAccounts.EventLog;
using NodaTime;
using Shouldly;

namespace FinalAccounts.IntegrationTests.EventLog;

public sealed class EventHashTest
{
    private static readonly StoredEvent Example = new(
        2, "a/1", 1, "tested", 3, Instant.FromUnixTimeTicks(10), new(1970, 1, 3), new("00112233-4455-6677-8899-aabbccddeeff"), "王",
        Encoding.UTF8.GetBytes("{}"), []);

    [Fact]
    public void The_canonical_bytes_are_these_for_ever()
    {
        // Written down field by field from the description of the format.
        string[] canonical =
        [
            "0000000000000002", // position
            "00000003" + "612f31", // stream: a/1
            "0000000000000001", // version
            "00000006" + "746573746564", // type: tested
            "00000003", // schema version
            "0000000000000001", // one microsecond after 1970
            "00000002", // two days after 1970-01-01
            "00112233445566778899aabbccddeeff", // command id
            "00000003" + "e78e8b", // actor: 王
            "00000002" + "7b7d", // body: {}
        ];
        var predecessor = new byte[32];
        var expected = SHA256.HashData([.. predecessor, .. Convert.FromHexString(string.Concat(canonical))]);

        EventHash.Of(predecessor, Example).ShouldBe(expected);
        Convert.ToHexStringLower(expected).ShouldBe("5b3b20a8684532e46901fc6edc62cfbee8861ba6319f901414ef1a2b3d4652ff");
    }

    [Fact]
    public void The_genesis_is_the_hash_of_the_regions_name()
    {
        EventHash.Genesis(new("123456")).ShouldBe(SHA256.HashData("FinalAccounts log 1 region 123456"u8));
        EventHash.Genesis(new("123456")).ShouldNotBe(EventHash.Genesis(new("123457")));
    }

    [Fact]
    public void No_part_can_move_over_a_border_between_fields()
    {
        var hash = EventHash.Of(new byte[32], Example);
        StoredEvent[] others =
        [
            Example with { Stream = "a/1t", Type = "ested" },
            Example with { Stream = "a/", Type = "1tested" },
            Example with { Actor = "王{", Body = "}"u8.ToArray() },
            Example with { Actor = "", Body = [.. "王"u8, .. "{}"u8] },
            Example with { Position = 1, Version = 2 },
        ];

        others.ShouldAllBe(o => !EventHash.Of(new byte[32], o).SequenceEqual(hash));
    }
}
