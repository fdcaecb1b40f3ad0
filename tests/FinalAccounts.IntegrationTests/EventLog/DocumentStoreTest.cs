using System.Security.Cryptography;
using FinalAccounts.EventLog;
using NodaTime;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.EventLog;

/// <summary>What was published is kept byte for byte.</summary>
[Collection(LogServerCollection.Name)]
public sealed class DocumentStoreTest(LogServer server)
{
    private static readonly byte[] Content = [.. "{\"年\":2024}\n"u8, 0, 255];

    [Fact]
    public async Task A_document_is_read_back_byte_for_byte_by_its_hash()
    {
        var store = await NewStoreAsync();

        var sha256 = await store.StoreAsync(Content, "application/json", default);

        sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Content)));
        var read = (await store.ReadAsync(sha256.ToUpperInvariant(), default)).ShouldNotBeNull();
        read.Content.ShouldBe(Content);
        (read.Sha256, read.MediaType, read.StoredAt).ShouldBe((sha256, "application/json", Instant.FromUtc(2025, 8, 20, 1, 2)));
        (await store.ReadAsync(new('0', 64), default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_document_stored_again_stays_as_it_was()
    {
        var region = await server.NewLogAsync();
        var clock = new SetClock(Instant.FromUtc(2025, 8, 20, 1, 2));
        var store = new DocumentStore(server.Application, region, clock);
        await store.StoreAsync(Content, "application/json", default);
        clock.Now += Duration.FromDays(1);

        var again = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.StoreAsync(Content, "text/plain", default)));

        var read = (await store.ReadAsync(again[0], default)).ShouldNotBeNull();
        (read.MediaType, read.StoredAt).ShouldBe(("application/json", Instant.FromUtc(2025, 8, 20, 1, 2)));
        (await server.Superuser.QueryAsync<long>($"select count(*) from {LogSchema.NameOf(region)}.documents")).ShouldBe(1);
    }

    [Fact]
    public async Task The_database_itself_refuses_a_hash_that_is_not_that_of_the_content_and_a_document_too_long()
    {
        var schema = LogSchema.NameOf(await server.NewLogAsync());

        (await RefusedAsync($"select {schema}.store_document(sha256('a'), 'b', 'text/plain', now())")).ShouldBe("22023");
        (await RefusedAsync($"select {schema}.store_document(null, 'b', 'text/plain', now())")).ShouldBe("22023");
        var longest = $"decode(repeat('00', {LogLimits.DocumentBytes + 1}), 'hex')";
        (await RefusedAsync($"select {schema}.store_document(sha256({longest}), {longest}, 'text/plain', now())")).ShouldBe("54000");
    }

    [Fact]
    public async Task A_changed_document_is_never_read_as_if_it_were_right()
    {
        var region = await server.NewLogAsync();
        var store = new DocumentStore(server.Application, region, SystemClock.Instance);
        var sha256 = await store.StoreAsync(Content, "application/json", default);
        await server.Superuser.ExecuteAsync($"update {LogSchema.NameOf(region)}.documents set content = '\\x00'");

        (await Should.ThrowAsync<DocumentDamagedException>(() => store.ReadAsync(sha256, default))).Sha256.ShouldBe(sha256);
    }

    [Fact]
    public async Task What_is_no_media_type_is_refused_before_anything_is_sent()
    {
        var store = await NewStoreAsync();
        foreach (var wrong in new[] { "", "json", "text/plain\n", new string('a', LogLimits.MediaTypeLength) + "/b" })
        {
            await Should.ThrowAsync<ArgumentException>(() => store.StoreAsync(Content, wrong, default));
        }

        (await store.ReadAsync(Convert.ToHexStringLower(SHA256.HashData(Content)), default)).ShouldBeNull();
    }

    private async Task<DocumentStore> NewStoreAsync() =>
        new(server.Application, await server.NewLogAsync(), new SetClock(Instant.FromUtc(2025, 8, 20, 1, 2)));

    private async Task<string> RefusedAsync(string statement) =>
        (await Should.ThrowAsync<PostgresException>(() => server.Application.ExecuteAsync(statement))).SqlState;
}
