using System.Net;
using Shouldly;

namespace FinalAccounts.ServerTests.Api;

/// <summary>Entity tags: who has an answer need not read it again, and who has an old one is told.</summary>
[Collection(PostgresCollection.Name)]
public sealed class CachingTest(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task An_answer_that_the_asker_has_is_not_sent_again()
    {
        foreach (var path in (string[])["", "/figures", "/tables", "/document", "/document?format=docx", "/explanations"])
        {
            using var first = await server.Clerk.GetAsync(ApiServer.Year + path);
            var tag = first.Headers.ETag!;
            tag.IsWeak.ShouldBeFalse();

            using var again = await server.Clerk.GetAsync(ApiServer.Year + path, ("If-None-Match", $"\"other\", {tag}"));

            again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
            again.Headers.ETag.ShouldBe(tag);
            (await again.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task What_differs_in_kind_language_or_moment_has_another_tag()
    {
        var tags = new List<string>();
        foreach (var path in (string[])["", "/tables", "/document", "/document?format=html", "?asOfPosition=300", "?asOfDate=2024-06-30"])
        {
            using var response = await server.Clerk.GetAsync(ApiServer.Year + path);
            tags.Add(response.Headers.ETag!.Tag);
        }

        using var english = await server.Clerk.GetAsync(ApiServer.Year, ("Accept-Language", "en"));
        tags.Add(english.Headers.ETag!.Tag);

        tags.ShouldBeUnique();
    }

    [Fact]
    public async Task Large_answers_are_compressed_for_those_who_can_read_that()
    {
        foreach (var encoding in (string[])["br", "gzip"])
        {
            using var response = await server.Clerk.GetAsync($"{ApiServer.Year}/tables", ("Accept-Encoding", encoding));
            response.Content.Headers.ContentEncoding.ShouldBe([encoding]);
        }
    }

    /// <summary>What is recorded changes the tags of the answers that it could change, and of no other year's.</summary>
    [Fact]
    public async Task A_record_changes_the_tags()
    {
        const string other = "/api/v1/regions/430900/departments/117005/years/2023/tables";
        using var before = await server.Bureau.GetAsync($"{ApiServer.Year}/tables");
        using var otherBefore = await server.Bureau.GetAsync(other);

        using var reopened = await server.Bureau.PostAsync($"{ApiServer.Year}/reopen", """{"reason":"补记","authority":"财政局 1 号","date":"2025-01-05"}""");
        reopened.StatusCode.ShouldBe(HttpStatusCode.Created);

        using var after = await server.Bureau.GetAsync($"{ApiServer.Year}/tables", ("If-None-Match", before.Headers.ETag!.Tag));
        after.StatusCode.ShouldBe(HttpStatusCode.OK);
        after.Headers.ETag.ShouldNotBe(before.Headers.ETag);
        using var otherAfter = await server.Bureau.GetAsync(other, ("If-None-Match", otherBefore.Headers.ETag!.Tag));
        otherAfter.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }
}
