using System.Text.Json.Nodes;
using PuppeteerSharp;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Testing;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Dashboard;

/// <summary>What an operator does with the buttons of the dashboard, besides what other tests do on their way.</summary>
public sealed class DashboardActionsTests
{
    private const string Topic = DashboardBrowser.Topic;

    [Fact]
    public async Task DeadLetters_ThatAreChosen_AreSentAgain_AndNoOthers()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var hub = await StartWithDeadLettersAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        var complaints = page.Listen();
        await page.GoAsync(hub, "dead-letters");
        subscriber.OnDelivery = _ => Task.FromResult(200);

        await page.PressAsync("button", "Choose these");
        await page.SeesAsync("button", "Redeliver 3 chosen");
        await page.ClickAsync($"input[aria-label='Choose entry 1 for {subscriber.Callback("two")}']");
        var findings = new List<string>(await page.InspectAsync("dead-letters?chosen"));
        await page.PressAsync("button", "Redeliver 2 chosen");
        await page.SeesAsync(".mud-dialog", "Send the 2 chosen dead letters again?");
        findings.AddRange(await page.InspectAsync("dead-letters?question"));
        await page.PressAsync(".mud-dialog button", "Redeliver 2 chosen");
        await page.SeesAsync("body", "2 of 2 are sent again.");

        await hub.UntilAsync("dead-letters", l => ((JsonArray)l["items"]!).Count == 1);
        var left = (await hub.AskAsync("dead-letters"))["items"]![0]!;
        Assert.Equal(subscriber.Callback("two"), (string)left["callback"]!);
        Assert.Equal(["redeliver", "redeliver"], await KindsAsync(hub));
        Assert.Empty(findings);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task DeadLetters_OneByOneAndAll_AreSentAgainOrForgotten_AfterAQuestion()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var hub = await StartWithDeadLettersAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        await page.GoAsync(hub, "dead-letters?topic=" + Uri.EscapeDataString(Topic));
        subscriber.OnDelivery = _ => Task.FromResult(200);

        await ConfirmAsync(page, "Forget", "It cannot be sent again then.");
        await HasRowsAsync(page, 2);
        await ConfirmAsync(page, "Redeliver", "Send this dead letter to");
        await HasRowsAsync(page, 1);
        await ConfirmAsync(page, "Redeliver all of these", "Send all dead letters that match again?");

        await page.SeesAsync("main", "No dead letters match.");
        Assert.Equal(["deleteDeadLetter", "redeliver", "redeliverAll"], await KindsAsync(hub));
    }

    [Fact]
    public async Task DeadLetters_OfASubscription_AreReachedFromItsPage_AndSentAgain_AndNoOthers()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var hub = await StartWithDeadLettersAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        var complaints = page.Listen();
        await page.GoAsync(hub, "subscriptions");
        await page.PressAsync("a", subscriber.Callback("two"));
        await page.SeesAsync("h1", subscriber.Callback("two"));
        subscriber.OnDelivery = _ => Task.FromResult(200);

        await page.PressAsync("main a", "Dead letters");
        await HasRowsAsync(page, 1);
        await page.SeesAsync("tbody", subscriber.Callback("two"));
        var findings = await page.InspectAsync("dead-letters?subscription");
        await page.PressAsync("main a", "one subscription");
        await ConfirmAsync(page, "Redeliver its dead letters", "Send all dead letters of this subscription again?");

        await hub.UntilAsync("dead-letters", l => ((JsonArray)l["items"]!).Count == 2);
        var left = ((JsonArray)(await hub.AskAsync("dead-letters"))["items"]!).Select(l => (string)l!["callback"]!);
        Assert.Equal([subscriber.Callback("one"), subscriber.Callback("three")], left.Order());
        Assert.Equal(["redeliverAll"], await KindsAsync(hub));
        Assert.Empty(findings);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task DeadLetters_OfASpanOfTime_AreFoundAndSentAgain_AndAWrongTimeIsNamed()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var hub = await StartWithDeadLettersAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        subscriber.OnDelivery = _ => Task.FromResult(200);
        var now = TimeProvider.System.GetUtcNow();
        static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);

        await page.GoAsync(hub, "dead-letters?to=" + Uri.EscapeDataString(Text(now.AddDays(-1))));
        await page.SeesAsync("main", "No dead letters match.");
        await page.GoAsync(hub, "dead-letters?from=yesterday");
        await page.SeesAsync("main .bad", "from: It must be a time");
        await page.GoAsync(hub, "dead-letters?from=2026-11-28&to=2026-11-27");
        await page.SeesAsync("main .bad", "to: It must be later than from.");
        await page.GoAsync(hub, "dead-letters");
        await page.TypeAsync("input[name=from]", Text(now.AddDays(-1)));
        await page.TypeAsync("input[name=to]", Text(now.AddDays(1)));
        await page.PressAsync("button", "Find");
        await page.IsLiveAsync();
        await HasRowsAsync(page, 3);
        await ConfirmAsync(page, "Redeliver all of these", "Send all dead letters that match again?");

        await page.SeesAsync("main", "No dead letters match.");
        Assert.Equal(["redeliverAll"], await KindsAsync(hub));
    }

    [Fact]
    public async Task Subscription_IsPausedResumedReplayedAndRevoked_AndShowsItsAttempts()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await DashboardBrowser.StartHubAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        var complaints = page.Listen();
        await page.GoAsync(hub, "subscriptions");
        await page.PressAsync("a", subscriber.Callback("bad"));

        await page.SeesAsync("#attempts", "The callback answered 503.");
        await page.SeesAsync("dl", "Behind since");
        await page.PressAsync("button", "Pause");
        await page.SeesAsync("dl", "paused (subscription)");
        await page.PressAsync("button", "Resume");
        await page.SeesAsync("dl", "behind");
        subscriber.OnDelivery = _ => Task.FromResult(204);
        await ConfirmAsync(page, "Replay", "to this subscription once more?");
        await page.SeesAsync("#attempts", "accepted");
        await page.SeesAsync("#attempts", "204");
        await ConfirmAsync(page, "Revoke", "End this subscription?");
        await page.SeesAsync("h1", "There is no such subscription");

        Assert.Equal(["pauseSubscription", "resumeSubscription", "replay", "revokeSubscription"], await KindsAsync(hub));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Topic_FoundByAPartOfItsUrl_IsFetched_AndItsResultIsShown()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await HubProcess.StartAsync(HubProcess.Sqlite);
        var topic = $"http://127.0.0.1:{FreePort.Next()}/Telegram";
        await hub.SubscribeAsync(subscriber, topic, "good");
        await hub.PushAsync(Topic, "first");
        await using var page = await chromium.OpenAsync();
        await page.GoAsync(hub, "topics");

        await page.TypeAsync("input[name=contains]", "/tELEgram");
        await page.PressAsync("button", "Find");
        await HasRowsAsync(page, 1);
        await page.IsLiveAsync();
        var address = page.Url;
        await page.PressAsync("table a", topic);
        await page.PressAsync("button", "Fetch now");
        await page.SeesAsync("dl .bad", "in a row");

        Assert.EndsWith("topics?contains=%2FtELEgram", address, StringComparison.Ordinal);
        Assert.Equal(["fetchTopic"], await KindsAsync(hub));
    }

    [Fact]
    public async Task Topic_ThatIsFetched_ShowsWhatThePublisherAnswered_AndWhetherThatWasNew()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var publisher = await FakePublisher.StartAsync();
        publisher.Set("feed", FakeResource.FromString("one", "text/plain;charset=UTF-8"));
        await using var hub = await HubProcess.StartAsync(HubProcess.Sqlite);
        await hub.SubscribeAsync(subscriber, publisher.Url(), "good");
        await using var page = await chromium.OpenAsync();
        await page.GoAsync(hub, $"topics/{await hub.FirstIdAsync("topics")}");

        await page.PressAsync("button", "Fetch now");
        await page.SeesAsync("dl", "The publisher answered 200: entry 1 is new, with 3 bytes.");
        await page.PressAsync("button", "Fetch now");
        await page.SeesAsync("dl", "The publisher answered 304: nothing had changed.");
        await hub.PushAsync(publisher.Url(), "pushed");
        await page.SeesAsync("dl", "The publisher answered 304.");

        Assert.Equal(["fetchTopic", "fetchTopic"], await KindsAsync(hub));
    }

    [Fact]
    public async Task Origin_ThatFails_ShowsHowOften_AndIsPausedAndResumed()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await DashboardBrowser.StartHubAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        await page.GoAsync(hub, "origins");

        await page.SeesAsync("tbody", "accepts some");
        await page.SeesAsync("tbody", " %)");
        await page.PressAsync("tbody button", "Pause");
        await page.SeesAsync("tbody", "paused");
        await page.PressAsync("tbody button", "Resume");
        await page.SeesAsync("tbody", "accepts some");
        await page.TypeAsync(".filter input", "https://slow.example");
        await page.PressAsync(".filter button", "Pause");
        await page.SeesAsync("tbody", "https://slow.example");

        Assert.Equal(["pauseOrigin", "resumeOrigin", "pauseOrigin"], await KindsAsync(hub));
    }

    [Fact]
    public async Task Key_CreatedAndDisabled_IsShownOnce_AndIsInTheAuditLog()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var hub = await HubProcess.StartAsync(HubProcess.Sqlite);
        await using var page = await chromium.OpenAsync();
        await page.GoAsync(hub, "keys");
        await page.SeesAsync("main", "No keys");

        await page.TypeAsync(".filter input", "blog");
        await page.Keyboard.PressAsync("Tab");
        await page.PressAsync("button", "Create");
        await page.SeesAsync(".calm", "The key blog, shown this once");
        var key = await page.EvaluateExpressionAsync<string>("document.querySelector('.calm code').textContent");
        await page.GoAsync(hub, "keys");
        var again = await page.GetContentAsync();
        await ConfirmAsync(page, "Disable", "Disable the key blog for good?");
        await page.SeesAsync("tbody", "disabled by local");

        Assert.NotEmpty(key);
        Assert.DoesNotContain(key, again, StringComparison.Ordinal);
        Assert.Equal(["createKey", "disableKey"], await KindsAsync(hub));
    }

    /// <summary>A hub that has given up an update for three subscriptions.</summary>
    private static async Task<HubProcess> StartWithDeadLettersAsync(FakeSubscriber subscriber)
    {
        subscriber.OnDelivery = _ => Task.FromResult(500);
        var hub = await HubProcess.StartAsync(HubProcess.Sqlite, ("WebSub:Hub:Delivery:RetrySeconds", "1"));
        foreach (var path in (string[])["one", "two", "three"])
            await hub.SubscribeAsync(subscriber, Topic, path);
        await hub.PushAsync(Topic, "first");
        await hub.UntilAsync("dead-letters", l => ((JsonArray)l["items"]!).Count == 3);
        return hub;
    }

    private static Task HasRowsAsync(IPage page, int rows) =>
        page.WaitForFunctionAsync("n => document.querySelectorAll('tbody tr').length === n", rows);

    private static async Task ConfirmAsync(IPage page, string button, string question)
    {
        await page.PressAsync("main button", button);
        await page.SeesAsync(".mud-dialog", question);
        await page.PressAsync(".mud-dialog button", button);
        await page.WaitForFunctionAsync("() => !document.querySelector('.mud-dialog')");
    }

    private static async Task<IEnumerable<string>> KindsAsync(HubProcess hub) =>
        ((JsonArray)(await hub.AskAsync("actions"))["items"]!).Select(a => (string)a!["kind"]!);
}
