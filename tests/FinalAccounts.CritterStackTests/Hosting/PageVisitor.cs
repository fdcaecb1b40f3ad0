using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Net.Http.Headers;
using Shouldly;

namespace FinalAccounts.CritterStackTests.Hosting;

/// <summary>Somebody with a browser without scripts: keeps cookies and fills in forms.</summary>
public sealed class PageVisitor(TestServer server)
{
    private readonly CookieContainer cookies = new();
    private readonly HttpClient client = new(server.CreateHandler()) { BaseAddress = new("https://localhost") };

    /// <summary>Opens a page, which must be there.</summary>
    public Task<IHtmlDocument> OpenAsync(string path) => AskAsync(new(HttpMethod.Get, path), HttpStatusCode.OK);

    /// <summary>Opens a page, fills in its form and sends it with all its hidden fields; what is recorded leads on to another page.</summary>
    public Task SendAsync(string path, params (string Field, string Value)[] values) => SendAsync(path, HttpStatusCode.SeeOther, values);

    /// <summary>The same with something that is refused.</summary>
    /// <returns>The page with the reasons.</returns>
    public Task<IHtmlDocument> RefuseAsync(string path, params (string Field, string Value)[] values) => SendAsync(path, HttpStatusCode.UnprocessableEntity, values);

    private async Task<IHtmlDocument> SendAsync(string path, HttpStatusCode expected, (string Field, string Value)[] values)
    {
        var page = await OpenAsync(path);
        var form = page.Forms.Single(f => values.All(v => f.QuerySelector($"[name='{v.Field}']") is not null));
        var hidden = form.QuerySelectorAll("input[type=hidden]").Cast<IHtmlInputElement>().Select(i => KeyValuePair.Create(i.Name!, i.Value));
        return await AskAsync(
            new(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([.. hidden, .. values.Select(v => KeyValuePair.Create(v.Field, v.Value))]) }, expected);
    }

    private async Task<IHtmlDocument> AskAsync(HttpRequestMessage request, HttpStatusCode expected)
    {
        var address = new Uri(client.BaseAddress!, request.RequestUri!);
        request.Headers.TryAddWithoutValidation(HeaderNames.Cookie, cookies.GetCookieHeader(address));
        using var response = await client.SendAsync(request);
        foreach (var cookie in response.Headers.TryGetValues(HeaderNames.SetCookie, out var set) ? set : [])
        {
            cookies.SetCookies(address, cookie);
        }

        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(expected, $"{request.Method} {address.PathAndQuery}: {text}");
        return await new HtmlParser().ParseDocumentAsync(text);
    }
}
