using System.Text.Json.Nodes;
using PuppeteerSharp;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Testing;

namespace WebSub.EndToEnd.Tests.Dashboard;

/// <summary>What an operator asks the dashboard by its links and forms: each answer is the API's.</summary>
public sealed class DashboardQuestionsTests
{
    private const string Topic = DashboardBrowser.Topic;

    [Fact]
    public async Task Trouble_LeadsToTheSubscriptionsThatItIsAbout_AndFromThereToOne()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await DashboardBrowser.StartHubAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        await page.GoAsync(hub, "");
        var trouble = (await hub.AskAsync("overview"))["troubles"]![0]!;

        await page.SeesAsync(".troubles li", "1 subscription is behind");
        await page.PressAsync(".troubles a", "Look");
        await page.SeesAsync("h1", "Subscriptions");
        await page.PressAsync("td a", subscriber.Callback("bad"));
        await page.SeesAsync("h1", subscriber.Callback("bad"));

        Assert.Equal("failingHost", (string)trouble["kind"]!);
        await page.SeesAsync("dl .bad", "The callback answered 503.");
    }

    [Fact]
    public async Task Subscriptions_AreFoundByTopicHostAndState_Typed()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await DashboardBrowser.StartHubAsync(subscriber);
        await hub.SubscribeAsync(subscriber, "https://other.example/feed", "other");
        await using var page = await chromium.OpenAsync();
        await page.GoAsync(hub, "subscriptions");
        await HasRowsAsync(page, 3);

        await page.TypeAsync("input[name=topic]", Topic);
        await FindAsync(page, 2);
        await page.SelectAsync("select[name=state]", "behind");
        await FindAsync(page, 1);
        await page.SeesAsync("tbody", subscriber.Callback("bad"));
        var address = page.Url;
        await page.TypeAsync("input[name=host]", "nobody.example");
        await page.PressAsync("button", "Find");
        await page.SeesAsync("main", "No subscriptions match.");

        // What was found can be passed on.
        await page.GoToAsync(address);
        await HasRowsAsync(page, 1);
        Assert.Contains("state=behind", address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_ThatWait_AreShownWithTheReason_AndTheNextAttempt()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await DashboardBrowser.StartHubAsync(subscriber);
        await DashboardBrowser.FillAsync(hub, subscriber);
        await using var page = await chromium.OpenAsync();
        await page.GoAsync(hub, "");
        await page.SeesAsync("#requests", "1");

        await page.PressAsync("nav a", "Requests");

        await page.SeesAsync("tbody", subscriber.Callback("waits"));
        await page.SeesAsync("tbody", "to confirm it, without success. The callback answered 503.");
        await page.SeesAsync("td[data-name=Topic]", Topic);
        await page.WaitForSelectorAsync("td[data-name='Next attempt'] local-time");
    }

    [Fact]
    public async Task Explanation_OfATypedTopicAndCallback_IsATimeline_AlsoOfAnOlderUpdate()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await DashboardBrowser.StartHubAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        var complaints = page.Listen();
        await page.GoAsync(hub, "explain");

        await page.TypeAsync("input[name=topic]", Topic);
        await page.TypeAsync("input[name=callback]", subscriber.Callback("good"));
        await page.PressAsync("button", "Explain");
        await page.SeesAsync("main strong", "/2 was delivered");
        await page.IsLiveAsync();
        await page.TypeAsync("input[name=update]", "1");
        await page.PressAsync("button", "Explain");
        await page.SeesAsync("main strong", "/1 was delivered");
        var steps = await page.EvaluateExpressionAsync<string[]>(
            "[...document.querySelectorAll('ol.story li')].map(e => e.textContent.trim())"
        );
        await page.GoAsync(hub, $"explain?topic=x&callback=y&update=last");

        Assert.Equal(3, steps.Length);
        await page.SeesAsync("main [role=alert]", "Update:");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task DeadLetters_OfATopic_AndAllOfTheHub_AreSentAgain()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(500);
        await using var hub = await HubProcess.StartAsync(HubProcess.Sqlite, ("WebSub:Hub:Delivery:RetrySeconds", "1"));
        foreach (var name in (string[])["one", "two", "three"])
        {
            await hub.SubscribeAsync(subscriber, $"https://{name}.example/feed", name);
            await hub.PushAsync($"https://{name}.example/feed", "first");
        }

        await hub.UntilAsync("dead-letters", l => ((JsonArray)l["items"]!).Count == 3);
        await using var page = await chromium.OpenAsync();
        subscriber.OnDelivery = _ => Task.FromResult(200);

        await page.GoAsync(hub, "topics?contains=two");
        await page.PressAsync("td a", "https://two.example/feed");
        await page.SeesAsync("h1", "https://two.example/feed");
        await ConfirmAsync(page, "Redeliver its dead letters");
        await hub.UntilAsync("dead-letters", l => ((JsonArray)l["items"]!).Count == 2);
        await page.GoAsync(hub, "dead-letters");
        await ConfirmAsync(page, "Redeliver all");

        await page.SeesAsync("main", "No dead letters: nothing has been given up.");
        Assert.Equal(
            ["redeliverAll", "redeliverAll"],
            ((JsonArray)(await hub.AskAsync("actions"))["items"]!).Select(a => (string)a!["kind"]!)
        );
    }

    [Fact]
    public async Task Nodes_HaveRoleStartAndVersion_AndLanesTheirHolder()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await DashboardBrowser.StartHubAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        var node = (await hub.AskAsync("nodes"))["items"]![0]!;

        await page.GoAsync(hub, "nodes");

        await page.SeesAsync("tbody td", (string)node["name"]! + " (this one)");
        await page.SeesAsync("td[data-name=Role]", "All");
        await page.SeesAsync("td[data-name=Version]", (string)node["version"]!);
        var started = await page.EvaluateExpressionAsync<string>("document.querySelector('td[data-name=Started] local-time').title");
        Assert.Equal(((DateTimeOffset)node["startedAt"]!).ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", null), started);
        await page.SeesAsync("td[data-name='Saved up to']", "2 of 2");
        await page.SeesAsync("td[data-name=Holder]", (string)node["name"]!);
    }

    private static async Task FindAsync(IPage page, int rows)
    {
        await page.PressAsync("button", "Find");
        await HasRowsAsync(page, rows);
        await page.IsLiveAsync();
    }

    private static Task HasRowsAsync(IPage page, int rows) =>
        page.WaitForFunctionAsync("n => document.querySelectorAll('tbody tr').length === n", rows);

    private static async Task ConfirmAsync(IPage page, string button)
    {
        await page.PressAsync("main button", button);
        await page.PressAsync(".mud-dialog button", button);
        await page.WaitForFunctionAsync("() => !document.querySelector('.mud-dialog')");
    }
}
