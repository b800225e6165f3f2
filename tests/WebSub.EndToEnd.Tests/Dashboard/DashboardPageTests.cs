using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Deque.AxeCore.Commons;
using PuppeteerSharp;
using PuppeteerSharp.Media;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Testing;

namespace WebSub.EndToEnd.Tests.Dashboard;

/// <summary>The dashboard in a real browser, before a hub that works.</summary>
public sealed class DashboardPageTests
{
    private const string Topic = "https://news.example/feed";
    private static readonly string[] Pages =
    [
        "",
        "topics",
        "subscriptions",
        "subscriptions?state=behind",
        "requests",
        "dead-letters",
        "origins",
        "nodes",
        "explain",
        "keys",
        "actions",
    ];

    [Fact]
    public async Task EachPage_InTheLightInTheDarkAndOnAPhone_IsUsableByAll()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await StartSubscriberAsync();
        await using var hub = await StartHubAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        var complaints = Listen(page);
        var findings = new List<string>();

        string[] all =
        [
            .. Pages,
            $"topics/{await FirstIdAsync(hub, "topics")}",
            $"subscriptions/{await FirstIdAsync(hub, "subscriptions")}",
        ];
        foreach (var path in all)
        {
            await page.SetViewportAsync(new() { Width = 1200, Height = 900 });
            await SetDarkAsync(page, path.Length % 2 == 1);
            await GoAsync(page, hub, path);
            findings.AddRange((await AxeAsync(page)).Select(f => $"{path}: {f}"));
            await SaveAsync(page, path.Length == 0 ? "overview" : path.Split('?', '/')[0]);
            await page.SetViewportAsync(new() { Width = 360, Height = 800 });
            var width = await page.EvaluateExpressionAsync<int>("document.documentElement.scrollWidth");
            if (width > 360)
                findings.Add($"{path}: {width} px wide at 360");
        }

        Assert.Empty(findings);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Topic_PausedAndResumedByButtons_IsSo_AndTheAuditLogSaysWho()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await StartSubscriberAsync();
        await using var hub = await StartHubAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        var complaints = Listen(page);

        await GoAsync(page, hub, "topics");
        await ClickAsync(page, "a", Topic);
        await ClickAsync(page, "button", "Pause");
        await SeesAsync(page, "dl", "paused");
        var paused = (bool)(await hub.AskAsync("topics"))["items"]![0]!["isPaused"]!;
        await ClickAsync(page, "button", "Resume");
        await SeesAsync(page, "dl", "active");
        await GoAsync(page, hub, "actions");

        Assert.True(paused);
        await SeesAsync(page, "table", "ResumeTopic");
        await SeesAsync(page, "table", "local");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task FurthestBehind_FromTheFirstPage_GetsWhatItMissedWithFourClicks()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await StartSubscriberAsync();
        await using var hub = await StartHubAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        await GoAsync(page, hub, "");

        // Each page is there before the next click: a question is dropped when its page is left.
        await ClickAsync(page, "nav a", "Topics");
        await SeesAsync(page, "h1", "Topics");
        await ClickAsync(page, "a", Topic);
        await SeesAsync(page, "h1", Topic);
        await SeesAsync(page, "table", "The callback answered 503");
        subscriber.OnDelivery = _ => Task.FromResult(200);
        await ClickAsync(page, "table button", "Replay");
        await ClickAsync(page, ".mud-dialog button", "Replay");
        await SeesAsync(page, "body", "Replay: asked for");

        FakeReceivedDelivery delivery;
        do delivery = await subscriber.NextDeliveryAsync(TestContext.Current.CancellationToken);
        while (!delivery.Headers.ContainsKey("WebSub-Delivery-Replay"));
        Assert.EndsWith("/bad", delivery.Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overview_WhenTheHubIsKilledAndStartedAgain_ComesBackByItself()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await StartSubscriberAsync();
        await using var hub = await StartHubAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        await GoAsync(page, hub, "");
        await SeesAsync(page, "#subscriptions", "2");

        await hub.KillAsync();
        await hub.RestartAsync();
        await hub.SubscribeAsync(subscriber, Topic, "three");

        await SeesAsync(page, "#subscriptions", "3");
    }

    private static async Task<FakeSubscriber> StartSubscriberAsync()
    {
        var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = d => Task.FromResult(d.Target.EndsWith("bad", StringComparison.Ordinal) ? 503 : 200);
        return subscriber;
    }

    /// <summary>A hub with a topic, a subscriber that is well, and one that fails.</summary>
    private static async Task<HubProcess> StartHubAsync(FakeSubscriber subscriber)
    {
        var hub = await HubProcess.StartAsync(HubProcess.Sqlite);
        await hub.SubscribeAsync(subscriber, Topic, "good");
        await hub.SubscribeAsync(subscriber, Topic, "bad");
        await hub.PushAsync(Topic, "first");
        await hub.PushAsync(Topic, "second");
        await hub.UntilAsync("overview", o => (long)o["behind"]! == 1 && ((JsonArray)o["troubles"]!).Count == 1);
        return hub;
    }

    private static async Task<string> FirstIdAsync(HubProcess hub, string list) => (string)(await hub.AskAsync(list))["items"]![0]!["id"]!;

    /// <summary>What the browser complains about on its console.</summary>
    private static ConcurrentQueue<string> Listen(IPage page)
    {
        var complaints = new ConcurrentQueue<string>();
        page.Console += (_, e) =>
        {
            if (e.Message.Type == ConsoleType.Error)
                complaints.Enqueue(e.Message.Text);
        };
        page.PageError += (_, e) => complaints.Enqueue(e.Message);
        return complaints;
    }

    private static Task SetDarkAsync(IPage page, bool isDark) =>
        page.EmulateMediaFeaturesAsync([new() { MediaFeature = MediaFeature.PrefersColorScheme, Value = isDark ? "dark" : "light" }]);

    private static async Task GoAsync(IPage page, HubProcess hub, string path)
    {
        await page.GoToAsync($"{hub.Origin}/dashboard/{path}");
        await page.WaitForSelectorAsync("main[data-live]", Patience());
    }

    private static async Task<IEnumerable<string>> AxeAsync(IPage page)
    {
        // The page's policy admits no script but its own; the debugger is not bound by it.
        await page.EvaluateExpressionAsync(new BundledAxeScriptProvider().GetScript() + ";0");
        var found = await page.EvaluateExpressionAsync<string>(
            "axe.run(document, { resultTypes: ['violations'] }).then(r => JSON.stringify(r.violations"
                + ".filter(v => v.impact === 'serious' || v.impact === 'critical')"
                + ".map(v => v.id + ' at ' + v.nodes.map(n => n.target.join(' ')).join(', '))))"
        );
        return JsonNode.Parse(found)!.AsArray().Select(f => (string)f!);
    }

    /// <summary>Where UPDATE_SCREENSHOTS names a folder, pictures for the documentation go there.</summary>
    private static async Task SaveAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(Path.Combine(folder, $"dashboard-{name}.png"));
    }

    private static async Task ClickAsync(IPage page, string selector, string text)
    {
        await page.WaitForFunctionAsync(
            """
            (s, t) => {
              const found = [...document.querySelectorAll(s)].find(e => e.textContent.trim() === t && !e.disabled);
              if (found) found.click();
              return !!found;
            }
            """,
            new WaitForFunctionOptions { Timeout = Patience().Timeout },
            selector,
            text
        );
    }

    private static Task SeesAsync(IPage page, string selector, string text) =>
        page.WaitForFunctionAsync(
            "(s, t) => [...document.querySelectorAll(s)].some(e => e.textContent.includes(t))",
            new WaitForFunctionOptions { Timeout = Patience().Timeout },
            selector,
            text
        );

    // A browser on a busy machine, and a circuit that is tried again after ever longer pauses.
    private static WaitForSelectorOptions Patience() => new() { Timeout = 3 * (int)Deadline.Default.TotalMilliseconds };
}
