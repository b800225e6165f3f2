using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Testing;

namespace WebSub.EndToEnd.Tests.Dashboard;

/// <summary>The dashboard in a real browser, before a hub that works.</summary>
public sealed class DashboardPageTests
{
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
        "predicates",
        "predicates?predicate=UN.CEFACT.Trade",
        "predicates?predicate=*",
        "explain",
        "keys",
        "actions",
    ];

    [Fact]
    public async Task EachPage_OfAHubUnderLoad_InTheLightInTheDarkAndOnAPhone_IsUsableByAll()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await DashboardBrowser.StartHubAsync(subscriber);
        await hub.SubscribeAsync(subscriber, "https://busy.example/feed", "busy");
        await DashboardBrowser.FillAsync(hub, subscriber);
        using var end = new CancellationTokenSource();
        var load = hub.PublishSteadilyAsync("https://busy.example/feed", 100, end.Token);
        await using var page = await chromium.OpenAsync();
        var complaints = page.Listen();
        var findings = new List<string>();

        var topic = "topics?url=" + Uri.EscapeDataString(DashboardBrowser.Topic);
        const string Behind = "subscriptions/furthest-behind";
        string[] all =
        [
            .. Pages,
            $"topics/{await hub.FirstIdAsync(topic)}",
            $"topics/{await hub.FirstIdAsync(topic)}?entry=2",
            $"subscriptions/{await hub.FirstIdAsync(Behind)}",
            $"explain?subscription={await hub.FirstIdAsync(Behind)}",
            "nowhere/at/all",
        ];
        foreach (var path in all)
        {
            await page.GoAsync(hub, path);
            findings.AddRange(await page.InspectAsync(path));
        }

        await end.CancelAsync();
        await load;

        Assert.Empty(findings);
        // The browser says that the last page is unknown, and nothing else.
        Assert.Contains("404", Assert.Single(complaints), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Topic_PausedAndResumedByButtons_IsSo_AndTheAuditLogSaysWho()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await DashboardBrowser.StartHubAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        var complaints = page.Listen();

        await page.GoAsync(hub, "topics");
        await page.PressAsync("a", DashboardBrowser.Topic);
        await page.PressAsync("button", "Pause");
        await page.SeesAsync("dl", "paused");
        var paused = (bool)(await hub.AskAsync("topics"))["items"]![0]!["isPaused"]!;
        await page.PressAsync("button", "Resume");
        await page.SeesAsync("dl", "active");
        await page.GoAsync(hub, "actions");

        Assert.True(paused);
        await page.SeesAsync("tbody tr:first-child", "resume topic");
        await page.SeesAsync("table", "local");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task FurthestBehind_FromTheFirstPage_GetsWhatItMissedWithFourClicks()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await DashboardBrowser.StartHubAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        await page.GoAsync(hub, "");

        await page.SeesAsync(".troubles", "has not accepted");
        var since = await page.EvaluateExpressionAsync<string>("document.querySelector('.troubles local-time').title");
        // Each page is there before the next click: a question is dropped when its page is left.
        await page.PressAsync("nav a", "Topics");
        await page.SeesAsync("h1", "Topics");
        await page.PressAsync("a", DashboardBrowser.Topic);
        await page.SeesAsync("h1", DashboardBrowser.Topic);
        await page.SeesAsync("table", "The callback answered 503");
        var oneSince = await page.EvaluateExpressionAsync<string>("document.querySelector('td[data-name=Since] local-time').title");
        subscriber.OnDelivery = _ => Task.FromResult(200);
        await page.PressAsync("table button", "Replay");
        await page.PressAsync(".mud-dialog button", "Replay");
        await page.SeesAsync("body", "Replay: asked for");

        FakeReceivedDelivery delivery;
        do delivery = await subscriber.NextDeliveryAsync(TestContext.Current.CancellationToken);
        while (!delivery.Headers.ContainsKey("WebSub-Delivery-Replay"));
        Assert.EndsWith("/bad", delivery.Target, StringComparison.Ordinal);
        Assert.EndsWith(" UTC", since, StringComparison.Ordinal);
        Assert.Equal(since, oneSince);
    }

    [Fact]
    public async Task Overview_WhenTheHubIsKilledAndStartedAgain_ComesBackByItself()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await DashboardBrowser.StartHubAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        await page.GoAsync(hub, "");
        await page.SeesAsync("#subscriptions", "2");

        await hub.KillAsync();
        await hub.RestartAsync();
        await hub.SubscribeAsync(subscriber, DashboardBrowser.Topic, "three");

        await page.SeesAsync("#subscriptions", "3");
    }
}
