using System.Net;
using Microsoft.Net.Http.Headers;

namespace FinalAccounts.CritterStackTests.Hosting;

/// <summary>Keeps cookies as a browser does, which a host in this process leaves to its client.</summary>
internal sealed class CookieHandler(HttpMessageHandler host) : DelegatingHandler(host)
{
    private readonly CookieContainer cookies = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        request.Headers.TryAddWithoutValidation(HeaderNames.Cookie, cookies.GetCookieHeader(address));
        var response = await base.SendAsync(request, cancellationToken);
        foreach (var cookie in response.Headers.TryGetValues(HeaderNames.SetCookie, out var set) ? set : [])
        {
            cookies.SetCookies(address, cookie);
        }

        return response;
    }
}
