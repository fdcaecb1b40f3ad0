using System.Globalization;
using System.Text;
using System.Text.Unicode;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Disclosure;
using NodaTime;
using Npgsql;
using NpgsqlTypes;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.EventLog;

/// <summary>Whoever can write the tables can change anything; the verification finds it and names the position.</summary>
[Collection(LogServerCollection.Name)]
public sealed class TamperTest(LogServer server)
{
    private const int Seed = 20240630;
    private const string EventColumns =
        "position, stream_id, version, type_id, schema_version, recorded_at, accounting_date, command_id, actor_id, body, hash, command_events";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(7)]
    public async Task Every_changed_byte_of_an_event_is_found_at_its_position(long position)
    {
        var region = await NewSmallLogAsync();
        var changes = await ChangeEveryByteAsync(region, "events", EventColumns, $"position = {position}", async change =>
        {
            var result = await server.VerifyAsync(region);
            result.FirstBadPosition.ShouldBe(position, change);
        });

        // Position, time: 8 each; stream, version, actor, date, count: 4 each; type, schema version: 2 each; command id: 16; hash: 32; and the body. In an
        // event that is not the last of its command, a key refuses any count above 0: of that only the byte with the sign was changed.
        var refused = position is 2 or 5 ? 3 : 0;
        changes.ShouldBe(88 - refused + await server.Superuser.QueryAsync<int>(
            $"select octet_length(body) from {LogSchema.NameOf(region)}.events where position = {position}"));
        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
    }

    [Theory]
    [InlineData("head", "position, hash, recorded_at, streams, last_command", "id = 1", LogRule.HeadMismatch)]
    [InlineData("streams", "stream_id, version", "stream = 'year/401001/2024'", LogRule.StreamTableMismatch)]
    [InlineData("streams", "stream", "stream = 'year/401001/2024'", LogRule.HashMismatch)]
    [InlineData("types", "type_id, type", "type = 'tested'", LogRule.HashMismatch)]
    [InlineData("actors", "actor_id, actor", "actor = '张三'", LogRule.HashMismatch)]
    public async Task Every_changed_byte_beside_the_events_is_found(string table, string columns, string row, LogRule rule)
    {
        var region = await NewSmallLogAsync();
        await ChangeEveryByteAsync(region, table, columns, row, async change =>
        {
            var result = await server.VerifyAsync(region);
            result.IsIntact.ShouldBeFalse(change);
            result.Findings.ShouldContain(f => f.Rule == rule, change);
        });
        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task An_event_kept_under_another_year_is_found_at_its_position()
    {
        var region = await NewSmallLogAsync();
        await server.Superuser.ExecuteAsync($"update {LogSchema.NameOf(region)}.events set fiscal_year = 0 where position = 5");

        var finding = (await server.VerifyAsync(region)).Findings.ShouldHaveSingleItem();
        (finding.Rule, finding.Position).ShouldBe((LogRule.FiscalYearMismatch, 5L));
    }

    [Fact]
    public async Task A_position_taken_twice_is_found()
    {
        var region = await NewSmallLogAsync();
        var schema = LogSchema.NameOf(region);

        // A partition keeps its own positions apart, and the head those of all; whoever inserts by hand gets past both.
        await server.Superuser.ExecuteAsync(
            $"""
            insert into {schema}.events
            select position, recorded_at, 3, 2, accounting_date, actor_id, 0, type_id, schema_version, 0, command_id, hash, body from {schema}.events where position = 4
            """);

        var result = await server.VerifyAsync(region);
        (result.FirstBadPosition, result.Findings.Any(f => f.Rule == LogRule.PositionRepeated)).ShouldBe((4L, true));
    }

    [Fact]
    public async Task Every_removed_event_is_found_at_its_position()
    {
        var region = await NewSmallLogAsync();
        var schema = LogSchema.NameOf(region);
        for (var position = 1; position <= 7; position++)
        {
            await server.Superuser.ExecuteAsync($"create table {schema}.kept as select * from {schema}.events where position = {position}; delete from {schema}.events where position = {position}");
            (await server.VerifyAsync(region)).FirstBadPosition.ShouldBe(position);
            await server.Superuser.ExecuteAsync($"insert into {schema}.events select * from {schema}.kept; drop table {schema}.kept");
        }

        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task Every_pair_of_events_that_change_places_is_found_at_the_first()
    {
        var region = await NewSmallLogAsync();
        var events = $"{LogSchema.NameOf(region)}.events";
        for (var a = 1; a <= 7; a++)
        {
            for (var b = a + 1; b <= 7; b++)
            {
                var swap = $"update {events} set position = 100 where position = {a}; update {events} set position = {a} where position = {b}; update {events} set position = {b} where position = 100";
                await server.Superuser.ExecuteAsync(swap);
                (await server.VerifyAsync(region)).FirstBadPosition.ShouldBe(a, $"{a} and {b}");
                await server.Superuser.ExecuteAsync(swap);
            }
        }

        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task An_event_put_in_anywhere_is_found_at_its_position()
    {
        for (var position = 1; position <= 8; position++)
        {
            var region = await NewSmallLogAsync();
            var schema = LogSchema.NameOf(region);
            await server.Superuser.ExecuteAsync(
                $"""
                update {schema}.events set position = position + 1000 where position >= {position};
                update {schema}.events set position = position - 999 where position > 1000;
                insert into {schema}.events
                select {position}, recorded_at, 4, 1, accounting_date, actor_id, 1, type_id, schema_version, 0, gen_random_uuid(), hash, body
                from {schema}.events order by position limit 1;
                update {schema}.head set position = position + 1, streams = 4;
                insert into {schema}.streams values (4, 1, 'slipped-in')
                """);
            (await server.VerifyAsync(region)).FirstBadPosition.ShouldBe(position);
        }
    }

    [Fact]
    public async Task A_tail_cut_off_with_all_that_belongs_to_it_is_found_against_a_seal()
    {
        var region = await NewSmallLogAsync();
        var seal = (await server.VerifyAsync(region)).Head;
        seal.Position.ShouldBe(7);
        (await server.VerifyAsync(region, seal)).IsIntact.ShouldBeTrue();

        await CutAsync(region, 3);

        // Consistent in itself: only the seal shows it.
        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
        var finding = (await server.VerifyAsync(region, seal)).Findings.ShouldHaveSingleItem();
        (finding.Rule, finding.Position).ShouldBe((LogRule.SealBeyondHead, 4L));
    }

    [Fact]
    public async Task A_tail_cut_off_and_written_anew_is_found_against_a_seal()
    {
        var region = await NewSmallLogAsync();
        var seal = (await server.VerifyAsync(region)).Head;
        await CutAsync(region, 3);
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("other", 0, [.. Enumerable.Repeat(Event(), 6)]));

        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
        var finding = (await server.VerifyAsync(region, seal)).Findings.ShouldHaveSingleItem();
        (finding.Rule, finding.Position).ShouldBe((LogRule.SealMismatch, 7L));
    }

    [Fact]
    public async Task A_chain_rewritten_as_a_whole_is_found_against_a_seal_from_outside()
    {
        var region = await NewSmallLogAsync();
        var seal = (await server.VerifyAsync(region)).Head;
        await RewriteAsync(region, 2);

        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
        var finding = (await server.VerifyAsync(region, seal)).Findings.ShouldHaveSingleItem();
        (finding.Rule, finding.Position, finding.Arguments[0]).ShouldBe((LogRule.SealMismatch, 7L, "outside"));
    }

    [Fact]
    public async Task A_rewritten_chain_is_found_against_the_seals_of_a_submitted_and_a_closed_year_and_a_published_document()
    {
        var region = await NewSmallLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await SealAsync(log, "year/401001/2024", seal => new YearClosed(new(2024, 12, 31), new(100), new(100), seal));
        await SealAsync(log, "year/401003/2024", seal => new YearSubmitted(new(2025, 2, 1), seal));
        await SealAsync(log, "year/401002/2024", seal => new DisclosurePublished(new(2025, 9, 1), new('0', 64), seal));
        var intact = await server.VerifyAsync(region);
        (intact.IsIntact, intact.Seals, intact.Events).ShouldBe((true, 3, 10));

        await RewriteAsync(region, 5);

        var result = await server.VerifyAsync(region);
        result.Findings.Select(f => (f.Rule, f.Position, f.Arguments[0])).ShouldBe([(LogRule.SealMismatch, 7L, "8"), (LogRule.SealMismatch, 8L, "9"), (LogRule.SealMismatch, 9L, "10")]);
    }

    [Fact]
    public async Task A_seal_that_cannot_be_read_is_reported()
    {
        var region = await NewSmallLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("y", 0, Event("""{"no":"seal"}""", "year-closed")));

        var finding = (await server.VerifyAsync(region)).Findings.ShouldHaveSingleItem();
        (finding.Rule, finding.Position).ShouldBe((LogRule.SealUnreadable, 8L));
    }

    [Fact]
    public async Task Missing_and_added_rows_beside_the_events_are_found()
    {
        (string Change, LogRule Rule)[] changes =
        [
            ("delete from {0}.head", LogRule.HeadMismatch),
            ("delete from {0}.streams where version = 1", LogRule.StreamTableMismatch),
            ("insert into {0}.streams values (9, 1, 'ghost')", LogRule.StreamTableMismatch),
            ("update {0}.events set command_events = 0 where position = 3", LogRule.CommandMismatch),
            ("update {0}.events set command_events = 0 where position = 7", LogRule.CommandMismatch),
            ("update {0}.events set command_events = 2 where position = 3", LogRule.CommandMismatch),
        ];
        foreach (var (change, rule) in changes)
        {
            var region = await NewSmallLogAsync();
            await server.Superuser.ExecuteAsync(string.Format(CultureInfo.InvariantCulture, change, LogSchema.NameOf(region)));
            (await server.VerifyAsync(region)).Findings.ShouldContain(f => f.Rule == rule, change);
        }
    }

    [Fact]
    public async Task Every_changed_byte_of_a_stored_document_is_found()
    {
        var region = await NewSmallLogAsync();
        var document = await new DocumentStore(server.Application, region, SystemClock.Instance).StoreAsync("公布的文件"u8.ToArray(), "text/plain", default);
        var changes = await ChangeEveryByteAsync(region, "documents", "sha256, content", $"sha256 = '\\x{document}'", async change =>
            (await server.VerifyAsync(region)).Findings.ShouldContain(f => f.Rule == LogRule.DocumentMismatch, change));

        changes.ShouldBe(EventHash.Length + "公布的文件"u8.Length);
        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task A_published_document_that_is_gone_is_found_at_its_publication()
    {
        var region = await NewSmallLogAsync();
        var store = new DocumentStore(server.Application, region, SystemClock.Instance);
        var (document, files) = (await store.StoreAsync([1], "application/json", default), await store.StoreAsync([2], "text/plain", default));
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await SealAsync(log, "year/401002/2024", seal => new DisclosurePublished(new(2025, 9, 1), document, seal, new("某格式", files), "1"));
        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();

        foreach (var gone in new[] { document, files })
        {
            await server.Superuser.ExecuteAsync($"delete from {LogSchema.NameOf(region)}.documents where sha256 = '\\x{gone}'");
            (await server.VerifyAsync(region)).Findings.ShouldContain(f => f.Rule == LogRule.DocumentMissing && f.Position == 8 && f.Arguments[0] == gone);
        }

        // As it is for a log from before documents were kept: none has a table of them.
        await server.Superuser.ExecuteAsync($"drop table {LogSchema.NameOf(region)}.documents");
        (await server.VerifyAsync(region)).FindingsCount.ShouldBe(2);
    }

    [Fact]
    public async Task A_reader_does_not_pass_over_a_gap()
    {
        var region = await NewSmallLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await server.Superuser.ExecuteAsync($"delete from {LogSchema.NameOf(region)}.events where position in (5, 7)");

        (await Should.ThrowAsync<LogDamagedException>(() => log.ReadAllAsync())).Position.ShouldBe(5);
        (await Should.ThrowAsync<LogDamagedException>(() => log.ReadAllAsync(6))).Position.ShouldBe(7);
        await Should.ThrowAsync<LogDamagedException>(() => log.ReadStreamAsync("year/401001/2024"));
    }

    [Theory]
    [InlineData(2_500, 2_500)]
    [InlineData(1_001, 2_500)]
    [InlineData(1_001, 2_000)]
    [InlineData(1, 2_500)]
    public async Task A_reader_of_a_stream_does_not_pass_over_what_is_missing(int first, int last)
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("year/401001/2024", 0, [.. Enumerable.Repeat(Event(), 2_500)]));
        await server.Superuser.ExecuteAsync($"delete from {LogSchema.NameOf(region)}.events where position between {first} and {last}");

        await Should.ThrowAsync<LogDamagedException>(() => log.ReadStreamAsync("year/401001/2024"));
    }

    /// <summary>Seven events: commands of 3, 3 and 1 events on three streams.</summary>
    private async Task<RegionCode> NewSmallLogAsync()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(new(Guid.NewGuid(), "张三", [
            new("department/401001", 0, [Event("""{"name":"社保中心"}""")]),
            new("year/401001/2024", 0, [Event(), Event("""{"amount":-1}""")])]));
        await log.AppendAsync(Request("year/401001/2024", 2, Event("""{"summary":"办公费","amount":12345}"""), Event(), Event()));
        await log.AppendAsync(Request("x", 0, Event("[]")));
        return region;
    }

    private async Task SealAsync(PostgresEventLog log, string stream, Func<Seal, LedgerEvent> seal)
    {
        var version = (await log.ListStreamsAsync(stream, default)).Select(s => s.Version).SingleOrDefault();
        var encoded = EventCodec.Encode(seal(await log.ReadHeadAsync(default)));
        await log.AppendAsync(Request(stream, version, new NewEvent(encoded.Type, encoded.SchemaVersion, Date, encoded.Body)));
    }

    private async Task CutAsync(RegionCode region, long last)
    {
        var schema = LogSchema.NameOf(region);
        await server.Superuser.ExecuteAsync(
            $"""
            delete from {schema}.events where position > {last};
            delete from {schema}.streams s where not exists (select from {schema}.events e where e.stream_id = s.stream_id);
            update {schema}.streams s set version = (select max(version) from {schema}.events e where e.stream_id = s.stream_id);
            update {schema}.head set (position, hash, recorded_at) = (select position, hash, recorded_at from {schema}.events order by position desc limit 1),
                                     last_command = coalesce(
                (select command_id from {schema}.events where command_id::text like '______________7%' order by command_id desc limit 1), '{Guid.Empty}'),
                                     streams = (select count(*) from {schema}.streams)
            """);
    }

    /// <summary>Changes an event's body and makes everything fit again, as somebody with this program's source could.</summary>
    private async Task RewriteAsync(RegionCode region, long position)
    {
        var schema = LogSchema.NameOf(region);
        await using var log = new PostgresEventLog(server.Superuser, region, SystemClock.Instance);
        var events = await log.ReadAllAsync();
        var hash = EventHash.Genesis(region);
        for (var i = 0; i < events.Count; i++)
        {
            var e = events[i].Position == position ? events[i] with { Body = "{\"forged\":true}"u8.ToArray() } : events[i];
            hash = EventHash.Of(hash, e);
            events[i] = e with { Hash = hash };
            await server.Superuser.ExecuteAsync(
                $"update {schema}.events set body = convert_from('\\x{Convert.ToHexString(e.Body)}', 'UTF8'), hash = '\\x{Convert.ToHexString(hash)}' where position = {e.Position}");
        }

        await server.Superuser.ExecuteAsync($"update {schema}.head set hash = '\\x{Convert.ToHexString(hash)}'");
    }

    /// <summary>
    /// Changes each byte of each column of a row, one at a time, to another value; calls the check; and changes it back. A value
    /// that the database refuses (a date beyond its range, a key that exists) is tried with other values of that byte.
    /// </summary>
    /// <returns>The number of bytes changed.</returns>
    private async Task<int> ChangeEveryByteAsync(RegionCode region, string table, string columns, string row, Func<string, Task> check)
    {
        var random = new Random(Seed);
        var name = await server.Superuser.QueryAsync<string>($"select max(tableoid::regclass::text) from {LogSchema.NameOf(region)}.{table} where {row}");
        await using var connection = await server.Superuser.OpenConnectionAsync();

        // The row's address in the table changes with each update and is handed on, so that any column may be changed. A partition has
        // addresses of its own.
        await using var find = new NpgsqlCommand($"select ctid::text from {name} where {row}", connection);
        var address = (string)(await find.ExecuteScalarAsync())!;
        var changed = 0;
        foreach (var column in columns.Split(", "))
        {
            var (original, type) = await ReadBytesAsync(connection, name, column, address);
            for (var i = 0; i < original.Length; i++)
            {
                var offset = random.Next(255);
                for (var n = 0; n < 255; n++)
                {
                    var bytes = (byte[])original.Clone();
                    bytes[i] ^= (byte)(1 + ((offset + n) % 255));
                    if (await TryWriteAsync(connection, name, column, address, type, bytes) is not { } moved)
                    {
                        continue;
                    }

                    changed++;
                    await check($"{column}, byte {i} from {original[i]:x2} to {bytes[i]:x2}, seed {Seed}");
                    address = (await TryWriteAsync(connection, name, column, moved, type, original)).ShouldNotBeNull();
                    break;
                }
            }
        }

        return changed;
    }

    private static async Task<(byte[] Bytes, NpgsqlDbType Type)> ReadBytesAsync(NpgsqlConnection connection, string table, string column, string address)
    {
        await using var select = new NpgsqlCommand($"select {column} from {table} where ctid = '{address}'", connection);
        await using var reader = await select.ExecuteReaderAsync();
        await reader.ReadAsync();
        return reader.GetDataTypeName(0) switch
        {
            "bigint" => (BitConverter.GetBytes(reader.GetInt64(0)), NpgsqlDbType.Bigint),
            "smallint" => (BitConverter.GetBytes(reader.GetInt16(0)), NpgsqlDbType.Smallint),
            "integer" => (BitConverter.GetBytes(reader.GetInt32(0)), NpgsqlDbType.Integer),
            "timestamp with time zone" => (BitConverter.GetBytes(reader.GetFieldValue<long>(0)), NpgsqlDbType.TimestampTz),
            "date" => (BitConverter.GetBytes(reader.GetFieldValue<int>(0)), NpgsqlDbType.Date),
            "uuid" => (reader.GetGuid(0).ToByteArray(), NpgsqlDbType.Uuid),
            "text" => (Encoding.UTF8.GetBytes(reader.GetString(0)), NpgsqlDbType.Text),
            "bytea" => (reader.GetFieldValue<byte[]>(0), NpgsqlDbType.Bytea),
            var other => throw new NotSupportedException(other),
        };
    }

    /// <returns>The row's new address; null when the database refuses the value.</returns>
    private static async Task<string?> TryWriteAsync(
        NpgsqlConnection connection, string table, string column, string address, NpgsqlDbType type, byte[] bytes)
    {
        if (type == NpgsqlDbType.Text && (!Utf8.IsValid(bytes) || bytes.Contains((byte)0)))
        {
            return null;
        }

        object value = type switch
        {
            NpgsqlDbType.Bigint or NpgsqlDbType.TimestampTz => BitConverter.ToInt64(bytes),
            NpgsqlDbType.Integer or NpgsqlDbType.Date => BitConverter.ToInt32(bytes),
            NpgsqlDbType.Smallint => BitConverter.ToInt16(bytes),
            NpgsqlDbType.Uuid => new Guid(bytes),
            NpgsqlDbType.Text => Encoding.UTF8.GetString(bytes),
            _ => bytes,
        };
        await using var update = new NpgsqlCommand($"update {table} set {column} = $1 where ctid = '{address}' returning ctid::text", connection);
        update.Parameters.Add(new() { Value = value, NpgsqlDbType = type });
        try
        {
            return (string?)await update.ExecuteScalarAsync();
        }
        catch (PostgresException e) when (e.SqlState[..2] is "22" or "23")
        {
            return null;
        }
    }
}
