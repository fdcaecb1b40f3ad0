using System.Globalization;
using System.Text.RegularExpressions;
using FinalAccounts.Server.Access;
using Microsoft.Playwright;
using Shouldly;

namespace FinalAccounts.BrowserTests;

/// <summary>What people come for, from the first page to the last click, in a real browser.</summary>
[Collection(SiteCollection.Name)]
public sealed class JourneyTest(Site site)
{
    private const string Yiyang = "yiyang-2024";

    /// <summary>Its 2024 books were closed by the demonstration; the tests that change books have one of these each.</summary>
    private const string Employment = "consolidated-2024/employment";
    private const string Insurance = "consolidated-2024/social-insurance";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_figure_of_the_document_leads_to_vouchers_that_add_up(bool withScripts)
    {
        var page = await site.OpenAsync(Role.Auditor, Yiyang, withScripts: withScripts);
        await page.GotoAsync("/");
        await page.Locator("main .card a").First.ClickAsync();
        await page.Locator($"a[href='{Site.YearOf(Yiyang)}']").ClickAsync();
        await Ready(page, withScripts);
        await FigureLink(page, Figures.Spending).ClickAsync();

        var panel = page.Locator("#figure-panel");
        await Assertions.Expect(panel.Locator("h2")).ToBeVisibleAsync();
        Uri.UnescapeDataString(page.Url).ShouldContain(Figures.Spending);
        await Assertions.Expect(panel.Locator(".value")).ToContainTextAsync("841.69");
        if (withScripts)
        {
            await Assertions.Expect(panel.Locator(".chart canvas").First).ToBeVisibleAsync();

            // The pictures of the README.
            await page.SetViewportSizeAsync(1280, 720);
            await page.ScreenshotAsync(new() { Path = PageWalkTest.Picture("readme-figure.png") });
            await page.SetViewportSizeAsync(1440, 1240);
            await panel.ScreenshotAsync(new() { Path = PageWalkTest.Picture("readme-waterfall.png") });
        }

        // The waterfall ends where its steps lead to.
        var steps = await Fen(panel.Locator("table[data-chart=waterfall]").First.Locator("tr[data-fen]"), "data-fen");
        steps.SkipLast(1).Sum().ShouldBe(steps[^1]);

        // All events on all pages of the list, added up to the fen.
        var total = long.Parse((await panel.Locator("td[data-sum]").GetAttributeAsync("data-sum"))!, CultureInfo.InvariantCulture);
        total.ShouldBe(841_690_000L, "8,416,900.00 yuan were spent, which 公开05 prints as 841.69 万元");
        List<long> amounts = [];
        while (true)
        {
            amounts.AddRange(await Fen(panel.Locator("tr[data-event-fen]"), "data-event-fen"));
            var next = panel.Locator("a[rel=next]");
            if (await next.CountAsync() == 0)
            {
                break;
            }

            var first = await panel.Locator("tr[data-event-fen] a").First.TextContentAsync();
            await next.ClickAsync();
            await Assertions.Expect(panel.Locator("tr[data-event-fen] a").First).Not.ToHaveTextAsync(first!);
        }

        amounts.Sum().ShouldBe(total);

        // From the last of them to the voucher.
        var link = panel.Locator("tr[data-event-fen] a").Last;
        var amount = amounts[^1];
        await link.ClickAsync();
        await page.WaitForURLAsync(new Regex("/events/[0-9]+$"));
        (await page.Locator("[data-amount]").GetAttributeAsync("data-amount")).ShouldBe(amount.ToString(CultureInfo.InvariantCulture));
        (await Fen(page.Locator("tr[data-fact-fen]"), "data-fact-fen")).Sum().ShouldBe(amount);
        await Assertions.Expect(page.Locator($"a[href*='figure={Uri.EscapeDataString(Figures.Spending)}']").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_back_button_returns_to_the_number_before()
    {
        var page = await site.OpenAsync(Role.Auditor, Yiyang);
        await page.GotoAsync(Site.YearOf(Yiyang));
        await Ready(page);
        await FigureLink(page, Figures.Spending).ClickAsync();
        var heading = page.Locator("#figure-panel h2");
        await Assertions.Expect(heading).ToContainTextAsync("小计");
        await FigureLink(page, Figures.Spending.Replace("小计", "基本支出", StringComparison.Ordinal)).ClickAsync();
        await Assertions.Expect(heading).ToContainTextAsync("基本支出");
        await page.GoBackAsync();
        await Assertions.Expect(heading).ToContainTextAsync("小计");
        await Assertions.Expect(page.Locator("a.figure[aria-current]").First).ToHaveAttributeAsync("href", new Regex(Regex.Escape(Figures.Spending)));
    }

    [Fact]
    public async Task The_slider_shows_the_tables_as_they_were()
    {
        var page = await site.OpenAsync(Role.Auditor, Yiyang);
        await page.GotoAsync($"{Site.YearOf(Yiyang)}/timeline");
        await Ready(page);
        var slider = page.Locator("input[type=range]");
        var now = await page.Locator("output").TextContentAsync();
        (await page.Locator(".document .changed").CountAsync()).ShouldBe(0, "the last point is what the books are now");

        // The keyboard moves it like a mouse does.
        await slider.FocusAsync();
        await slider.PressAsync("Home");
        await page.WaitForURLAsync(new Regex("[?&]at=1(&|$)"));
        await Ready(page);
        await Assertions.Expect(page.Locator("output")).Not.ToHaveTextAsync(now!);
        (await page.Locator(".document .changed").CountAsync()).ShouldBeGreaterThan(50);
        (await page.Locator(".document .changed[title]").First.GetAttributeAsync("title")).ShouldNotBeNullOrEmpty();
        await page.Locator("a[rel=next]").ClickAsync();
        await page.WaitForURLAsync(new Regex("[?&]at=2(&|$)"));
    }

    [Fact]
    public async Task Two_years_are_compared_cell_by_cell_and_sentence_by_sentence()
    {
        var page = await site.OpenAsync(Role.Auditor, Yiyang);
        await page.GotoAsync(Site.YearOf(Yiyang));
        await page.Locator(".tabs a[href$='/compare']").ClickAsync();
        await page.Locator("a[href*='withYear=2023']").ClickAsync();
        await Ready(page);
        var row = page.Locator("table.differences tr", new() { Has = page.Locator("th", new() { HasTextRegex = new Regex("^\\s*公开05/合计/本年支出/小计\\s*$") }) });
        while (await row.CountAsync() == 0)
        {
            await page.Locator("a[rel=next]").ClickAsync();
            await Ready(page);
        }

        // 9,216,900.00 yuan in 2023 and 8,416,900.00 in 2024.
        await Assertions.Expect(row.Locator("td").Nth(0)).ToContainTextAsync("921.69");
        await Assertions.Expect(row.Locator("td").Nth(1)).ToContainTextAsync("841.69");
        await Assertions.Expect(row.Locator("td").Nth(2)).ToContainTextAsync("-800,000.00");
        await Assertions.Expect(page.Locator(".blackline del").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".blackline ins").First).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = PageWalkTest.Picture("compare-years-1440.png") });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_with_errors_is_mended_and_confirmed(bool withScripts)
    {
        // Each run of the journey adds an entry of its own.
        var (voucher, number) = withScripts ? ("补-12-001", "示财预〔2024〕901号") : ("补-12-002", "示财预〔2024〕902号");
        await ReopenAsync(Employment);
        var page = await site.OpenAsync(Role.Clerk, Employment, withScripts: withScripts);
        await page.GotoAsync($"{Site.YearOf(Employment)}/import");
        using TemporaryFolder folder = new(Site.Folder(Employment));
        folder.Append("budget.csv", $"追加,{number},2024-12-20,追加办公经费,2080199,基本支出,,一般公共预算,,500.00");
        folder.Append("expenditure.csv", $"{voucher},2024-12-30,补记办公用品,2080199,30201,一般公共预算,基本支出,,财政拨款收入,50O.00,,");
        await page.Locator("#files").SetInputFilesAsync(folder.Files);
        await page.Locator("form[enctype] button").ClickAsync();
        await page.WaitForURLAsync(new Regex("/import/[0-9a-f-]{36}$"));

        // The row as it was written, with the bad cell marked, and nothing to confirm.
        await Assertions.Expect(page.Locator("td.bad")).ToHaveTextAsync("50O.00");
        await Assertions.Expect(page.Locator("tr.error")).ToContainTextAsync(voucher);
        await Assertions.Expect(page.Locator("tr.message")).ToContainTextAsync("expenditure.csv");
        (await page.Locator("input[value=confirm]").CountAsync()).ShouldBe(0);
        await page.ScreenshotAsync(new() { Path = PageWalkTest.Picture("import-errors-1440.png"), FullPage = true });

        await page.Locator("a.button.main").ClickAsync();
        folder.Replace("expenditure.csv", "50O.00", "500.00");
        await page.Locator("#files").SetInputFilesAsync(folder.Files);
        await page.Locator("form[enctype] button").ClickAsync();
        await page.WaitForURLAsync(new Regex("/import/[0-9a-f-]{36}$"));
        await Assertions.Expect(page.Locator("table.data caption")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("table.data")).ToContainTextAsync("公开05/合计/本年支出/小计");
        await page.ScreenshotAsync(new() { Path = PageWalkTest.Picture("import-preview-1440.png"), FullPage = true });
        await page.Locator("form.actions button.main").ClickAsync();

        var done = page.Locator($"a.button.main[href='{Site.YearOf(Employment)}']");
        if (!withScripts)
        {
            // The page says how to look again.
            await page.WaitForLoadStateAsync();
            for (var looks = 0; looks < 100 && await done.CountAsync() == 0; looks++)
            {
                await page.GotoAsync(page.Url);
            }
        }

        await done.ClickAsync();
        await FigureLink(page, "公开05/2080199/本年支出/小计").ClickAsync();
        await Assertions.Expect(page.Locator("#figure-panel table.events, #figure-panel .pager").First).ToBeVisibleAsync();
        await LastPageAsync(page);
        await Assertions.Expect(page.Locator("#figure-panel")).ToContainTextAsync(voucher);
    }

    [Fact]
    public async Task A_closed_year_takes_no_late_posting()
    {
        await ReopenAsync(Insurance);
        var head = await site.OpenAsync(Role.Head, Insurance);
        await head.GotoAsync(Site.YearOf(Insurance));
        await Assertions.Expect(head.Locator(".state")).ToHaveClassAsync(new Regex("state-open"));
        await head.Locator(".tabs a[href$='/close']").ClickAsync();
        await head.Locator("form button.main").ClickAsync();
        await Assertions.Expect(head.Locator(".state")).ToHaveClassAsync(new Regex("state-closed"));

        var clerk = await site.OpenAsync(Role.Clerk, Insurance);
        await clerk.GotoAsync($"{Site.YearOf(Insurance)}/import");
        using TemporaryFolder folder = new(Site.Folder(Insurance));
        folder.Append("budget.csv", "追加,示财预〔2024〕999号,2024-12-31,年末追加,2080199,基本支出,,一般公共预算,,100.00");
        await clerk.Locator("#files").SetInputFilesAsync(folder.Files);
        await clerk.Locator("form[enctype] button").ClickAsync();
        await clerk.WaitForURLAsync(new Regex("/import/[0-9a-f-]{36}$"));
        await Assertions.Expect(clerk.Locator("[role=alert]")).ToBeVisibleAsync();
        await Assertions.Expect(clerk.Locator("main")).ToContainTextAsync("结账");
        (await clerk.Locator("input[value=confirm]").CountAsync()).ShouldBe(0);

        // A clerk may not close, and another department is not there at all.
        (await clerk.GotoAsync($"{Site.YearOf(Insurance)}/close"))!.Status.ShouldBe(403);
        (await clerk.GotoAsync(Site.YearOf(Employment)))!.Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_document_is_printed_to_PDF()
    {
        var page = await site.OpenAsync(Role.Auditor, Yiyang);
        await page.GotoAsync(Site.YearOf(Yiyang));
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("a[href*='disclosure.pdf']").ClickAsync());
        var bytes = await File.ReadAllBytesAsync(await download.PathAsync());
        bytes.Take(5).ShouldBe("%PDF-"u8.ToArray());

        // Cover, contents, four parts and ten tables with a page each at least.
        Regex.Count(System.Text.Encoding.Latin1.GetString(bytes), "/Type */Page[^s]").ShouldBeGreaterThan(14);
    }

    [Fact]
    public async Task The_public_reads_what_was_published_and_nothing_else()
    {
        var page = await site.OpenAsync();
        await page.GotoAsync("/public");
        await page.Locator($"a[href='/public{Site.YearOf(Yiyang)["/regions".Length..]}']").ClickAsync();
        await Ready(page);
        await FigureLink(page, Figures.Spending).ClickAsync();
        await Assertions.Expect(page.Locator("#figure-panel .value")).ToContainTextAsync("841.69");
        (await page.Locator("#figure-panel a[href*='/events/']").CountAsync()).ShouldBe(0);
        (await page.GotoAsync(Site.YearOf(Yiyang)))!.Url.ShouldContain("/sign-in");
        (await page.GotoAsync($"/public{Site.YearOf("yiyang-2023")["/regions".Length..]}"))!.Status.ShouldBe(404, "it was closed and not published");
    }

    [Fact]
    public async Task The_pages_speak_English_when_asked()
    {
        var page = await site.OpenAsync(Role.Auditor, Yiyang);
        await page.GotoAsync(Site.YearOf(Yiyang));
        await page.Locator("a[lang=en]").ClickAsync();
        await page.WaitForURLAsync(url => url.EndsWith(Site.YearOf(Yiyang), StringComparison.Ordinal));
        (await page.Locator("html").GetAttributeAsync("lang")).ShouldBe("en");
        await Assertions.Expect(page.Locator(".tabs")).ToContainTextAsync("Timeline");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("部门决算");
    }

    [Fact]
    public async Task The_keyboard_reaches_the_content_first()
    {
        var page = await site.OpenAsync(Role.Auditor, Yiyang);
        await page.GotoAsync(Site.YearOf(Yiyang));
        await Ready(page);
        await page.Keyboard.PressAsync("Tab");
        (await page.EvaluateAsync<string>("document.activeElement.className")).ShouldBe("skip");
        await page.Keyboard.PressAsync("Enter");
        (await page.EvaluateAsync<string>("document.activeElement.id")).ShouldBe("main");

        // A number is opened with the keyboard and the panel is where it goes on.
        await FigureLink(page, Figures.Spending).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#figure-panel h2")).ToBeFocusedAsync();
    }

    private static ILocator FigureLink(IPage page, string address) => page.Locator($".document a.figure[href$='figure={address}']").First;

    private static async Task Ready(IPage page, bool withScripts = true)
    {
        if (withScripts)
        {
            await page.Locator("html[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        }
    }

    private static async Task LastPageAsync(IPage page)
    {
        while (await page.Locator("#figure-panel a[rel=next]").CountAsync() > 0)
        {
            var first = await page.Locator("#figure-panel tr[data-event-fen] a").First.TextContentAsync();
            await page.Locator("#figure-panel a[rel=next]").ClickAsync();
            await Assertions.Expect(page.Locator("#figure-panel tr[data-event-fen] a").First).Not.ToHaveTextAsync(first!);
        }
    }

    private static async Task<IReadOnlyList<long>> Fen(ILocator rows, string attribute) =>
        [.. (await rows.EvaluateAllAsync<string[]>($"rows => rows.map(r => r.getAttribute('{attribute}'))")).Select(t => long.Parse(t, CultureInfo.InvariantCulture))];

    /// <summary>The bureau opens the year again on its page, unless it is open.</summary>
    private async Task ReopenAsync(string sample)
    {
        var page = await site.OpenAsync(Role.Bureau, sample);
        await page.GotoAsync(Site.YearOf(sample));
        if (await page.Locator(".state-open").CountAsync() > 0)
        {
            return;
        }

        await page.Locator(".tabs a[href$='/reopen']").ClickAsync();
        await page.Locator("#reason").FillAsync("更正年末遗漏的凭证");
        await page.Locator("#authority").FillAsync("示例市财政局 示财〔2025〕1号");
        await page.Locator("form button.main").ClickAsync();
        await Assertions.Expect(page.Locator(".state")).ToHaveClassAsync(new Regex("state-open"));
    }
}
