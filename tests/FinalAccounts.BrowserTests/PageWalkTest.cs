using FinalAccounts.Server.Access;
using FinalAccounts.ServerTests;
using Microsoft.Playwright;
using Shouldly;

namespace FinalAccounts.BrowserTests;

/// <summary>Every page, as wide as a desk and as narrow as a telephone: pictures of each, and what everybody needs to be able to use it.</summary>
[Collection(SiteCollection.Name)]
public sealed class PageWalkTest(Site site)
{
    private const string Sample = "yiyang-2024";

    /// <summary>Bytes of a page without its charts.</summary>
    private const int LargestPage = 300 * 1024;

    private static readonly string Year = Site.YearOf(Sample);

    /// <summary>Name of the picture and address.</summary>
    public static TheoryData<string, string> Pages => new()
    {
        { "home", "/" },
        { "region", Year[..Year.IndexOf("/departments", StringComparison.Ordinal)] },
        { "rollup", Year[..Year.IndexOf("/departments", StringComparison.Ordinal)] + "/rollups" },
        { "rollup-departments", Year[..Year.IndexOf("/departments", StringComparison.Ordinal)] + "/rollups/departments?year=2024&function=208" },
        { "document", Year },
        { "figure", $"{Year}?figure={Uri.EscapeDataString(Figures.Spending)}" },
        { "event", Year[..Year.IndexOf("/departments", StringComparison.Ordinal)] + "/events/40" },
        { "timeline", $"{Year}/timeline?at=30" },
        { "compare", $"{Year}/compare?withYear=2023" },
        { "change", $"{Year}/change" },
        { "import", $"{Year}/import" },
        { "performance", $"{Year}/performance" },
        { "findings", $"{Year}/findings" },
        { "explain", $"{Year}/explain" },
        { "reverse", $"{Year}/reverse?voucher={Uri.EscapeDataString("记-01-002")}" },
        { "submit", $"{Year}/submit" },
        { "reopen", $"{Year}/reopen" },
        { "publish", $"{Year}/publish" },
        { "close", $"{Site.YearOf("shuangpai-2024")}/close" },
        { "public", "/public" },
        { "published", "/public" + Year["/regions".Length..] },
        { "sign-in", "/sign-in" },
        { "password", "/account/password" },
        { "tokens", "/account/tokens" },
        { "users", "/users" },
        { "access-audit", Year[..Year.IndexOf("/departments", StringComparison.Ordinal)] + "/access-audit" },
        { "not-found", "/regions/999999" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public Task A_page_can_be_used_by_everybody_on_a_desk(string name, string address) => WalkAsync(name, address, 1440);

    [Theory]
    [MemberData(nameof(Pages))]
    public Task A_page_can_be_used_by_everybody_on_a_telephone(string name, string address) => WalkAsync(name, address, 390);

    private async Task WalkAsync(string name, string address, int width)
    {
        var page = name is "sign-in" or "public" or "published" ? await site.OpenAsync(width)
            : await site.OpenAsync(name == "users" ? Role.Administrator : Role.Bureau, name == "close" ? "shuangpai-2024" : Sample, width);
        List<string> errors = [];
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && name != "not-found")
            {
                errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => errors.Add(error);
        var hosts = new HashSet<string>();
        page.Request += (_, request) => hosts.Add(new Uri(request.Url).Authority);

        var response = await page.GotoAsync(address);
        site.Errors.ShouldBeEmpty();

        // By selectors: a function that is waited for would be evaluated from a string, which the pages' policy forbids.
        await page.Locator("html[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        if (await page.Locator("table[data-chart]").CountAsync() > 0)
        {
            await page.Locator(".chart canvas").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        }

        // Documents are long: what of them is seen first is enough.
        var isLong = await page.Locator(".document, .blackline").CountAsync() > 0;
        await page.ScreenshotAsync(new() { Path = Picture($"{name}-{width}.png"), FullPage = !isLong });

        response!.Status.ShouldBe(name == "not-found" ? 404 : 200);
        (await response.BodyAsync()).Length.ShouldBeLessThan(LargestPage);
        errors.ShouldBeEmpty();
        hosts.ShouldBe([site.Server.Address.Authority]);
        (await page.Locator("h1").CountAsync()).ShouldBe(1);
        (await page.TitleAsync()).ShouldNotBeNullOrWhiteSpace();
        (await page.EvaluateAsync<string[]>(Unlabelled)).ShouldBeEmpty();
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBeLessThanOrEqualTo(0, "the page scrolls to the side");
    }

    /// <summary>Fields without a label, links and buttons without a name, pictures without words.</summary>
    private const string Unlabelled = """
        [...document.querySelectorAll('input:not([type=hidden]), select, textarea, a, button, [role=img], table')]
          .filter(e => e.offsetParent !== null)
          .filter(e => e.matches('a, button') ? !(e.textContent.trim() || e.getAttribute('aria-label'))
            : e.matches('[role=img]') ? !e.getAttribute('aria-label')
            : e.matches('table') ? !(e.caption?.textContent.trim() || e.getAttribute('aria-label') || e.closest('[role=region][aria-label]'))
            : !(e.labels?.length || e.getAttribute('aria-label')))
          .map(e => e.outerHTML.slice(0, 160))
        """;

    internal static string Picture(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(Repository.File("FinalAccounts.sln"))!, "TestResults", "screenshots"));
        return Path.Combine(folder.FullName, name);
    }
}
