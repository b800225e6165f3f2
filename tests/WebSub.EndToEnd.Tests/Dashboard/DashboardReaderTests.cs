using System.Globalization;
using System.Text.Json.Nodes;
using PuppeteerSharp;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Dashboard;

/// <summary>Who reads the dashboard without a mouse, or far from Greenwich.</summary>
public sealed class DashboardReaderTests
{
    private const string Focused = "document.activeElement.textContent.trim()";

    [Fact]
    public async Task Keyboard_WalksThroughPagesAndQuestions_AndIsSeen()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await DashboardBrowser.StartHubAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        await page.GoAsync(hub, "");

        // The page's own way in begins at its heading; the walk begins at the top.
        await page.FocusAsync(".brand");
        await page.Keyboard.DownAsync("Shift");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.UpAsync("Shift");
        var walked = new List<string>();
        for (var i = 0; i < 13; i++)
        {
            walked.Add(await page.EvaluateExpressionAsync<string>(Focused));
            Assert.True(await IsSeenAsync(page), walked[^1]);
            await page.Keyboard.PressAsync("Tab");
        }

        await page.FocusAsync("nav a[href=topics]");
        await page.Keyboard.PressAsync("Enter");
        await page.SeesAsync("h1", "Topics");
        await TabToAsync(page, DashboardBrowser.Topic);
        await page.Keyboard.PressAsync("Enter");
        await page.SeesAsync("h1", DashboardBrowser.Topic);
        await TabToAsync(page, "Redeliver its dead letters");
        await page.Keyboard.PressAsync("Enter");
        await page.SeesAsync(".mud-dialog", "Send all dead letters of this topic again?");
        await TabToAsync(page, "Cancel");
        var isInside = await page.EvaluateExpressionAsync<bool>("!!document.activeElement.closest('.mud-dialog')");
        var isSeen = await IsSeenAsync(page);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => !document.querySelector('.mud-dialog')");
        await IsBackAsync(page, "Redeliver its dead letters");
        await page.Keyboard.PressAsync("Enter");
        await page.SeesAsync(".mud-dialog", "Send all dead letters of this topic again?");
        await EscapeAsync(page);
        await IsBackAsync(page, "Redeliver its dead letters");

        Assert.Equal(
            [
                "Skip to the content",
                "WebSub hub",
                "Overview",
                "Topics",
                "Subscriptions",
                "Requests",
                "Dead letters",
                "Origins",
                "Nodes",
                "Predicates",
                "Explain",
                "Keys",
                "Audit log",
            ],
            walked
        );
        Assert.True(isInside);
        Assert.True(isSeen);
        Assert.Equal("[]", (await hub.AskAsync("actions"))["items"]!.ToJsonString());
    }

    [Fact]
    public async Task Times_AreThoseOfTheReadersZone_AndExactInUtcUnderThePointer()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await DashboardBrowser.StartHubAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        await page.EmulateTimezoneAsync("Asia/Kolkata");

        await page.GoAsync(hub, "topics/" + await hub.FirstIdAsync("topics"));
        var shown = await page.EvaluateExpressionAsync<string>("document.querySelector('dl local-time').shadowRoot.textContent");
        var title = await page.EvaluateExpressionAsync<string>("document.querySelector('dl local-time').title");

        var moment = (DateTimeOffset)(await hub.AskAsync("topics"))["items"]![0]!["createdAt"]!;
        var there = moment.ToOffset(TimeSpan.FromMinutes(330));
        Assert.Equal(there.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), shown);
        Assert.Equal(moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture), title);
    }

    /// <summary>Closes the question; it is on the page a moment before it listens to the keyboard.</summary>
    private static async Task EscapeAsync(IPage page)
    {
        using var deadline = new CancellationTokenSource(Deadline.Default);
        while (await page.QuerySelectorAsync(".mud-dialog") is not null)
        {
            await page.Keyboard.PressAsync("Escape");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, deadline.Token);
        }
    }

    /// <summary>Returns once the keyboard is where the question came from.</summary>
    private static Task IsBackAsync(IPage page, string text) => page.WaitForFunctionAsync($"t => {Focused} === t", text);

    private static async Task TabToAsync(IPage page, string text)
    {
        for (var i = 0; i < 60; i++)
        {
            if (await page.EvaluateExpressionAsync<string>(Focused) == text && await StaysAsync(page, text))
                return;
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"Tab does not lead to {text}.");
    }

    /// <summary>
    /// True if the keyboard is still there half a second later: a question moves it in answer to keys that were pressed before, by way of
    /// the server.
    /// </summary>
    private static async Task<bool> StaysAsync(IPage page, string text)
    {
        await page.WaitForFunctionAsync(
            "() => { const e = document.activeElement, now = performance.now();"
                + " if (window.stayed !== e) { window.stayed = e; window.since = now; } return now - window.since > 500; }"
        );
        return await page.EvaluateExpressionAsync<string>(Focused) == text;
    }

    private static Task<bool> IsSeenAsync(IPage page) =>
        page.EvaluateExpressionAsync<bool>(
            "(e => { const r = e.getBoundingClientRect(), s = getComputedStyle(e);"
                + " return r.width > 0 && r.left >= 0 && s.outlineStyle !== 'none' && s.outlineWidth !== '0px'; })(document.activeElement)"
        );
}
