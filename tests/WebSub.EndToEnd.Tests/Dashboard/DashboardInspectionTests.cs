using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;

namespace WebSub.EndToEnd.Tests.Dashboard;

/// <summary>What an operator looks into with the dashboard, and publishes by hand.</summary>
public sealed class DashboardInspectionTests
{
    [Fact]
    public async Task Entry_WithMarkup_IsShownAsText()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await DashboardBrowser.StartHubAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        var complaints = page.Listen();
        await hub.PushAsync(DashboardBrowser.Topic, "<img src=x onerror=document.title='taken'><b>bold</b>"u8.ToArray(), "text/html");

        await page.GoAsync(hub, "topics");
        await page.PressAsync("a", DashboardBrowser.Topic);
        await page.PressAsync("table a", "3");
        await page.SeesAsync("pre.preview", "<b>bold</b>");

        Assert.Equal(0, await page.EvaluateExpressionAsync<int>("document.querySelectorAll('pre *').length"));
        Assert.EndsWith("?entry=3#entries", page.Url, StringComparison.Ordinal);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Topic_PublishedByHand_IsDelivered_AfterAQuestion()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await DashboardBrowser.StartHubAsync(subscriber);
        await using var page = await chromium.OpenAsync();
        await page.GoAsync(hub, $"topics/{await hub.FirstIdAsync("topics")}");

        await page.TypeAsync("textarea", "Typed by hand: ü");
        await page.Keyboard.PressAsync("Tab");
        await page.PressAsync("button", "Publish");
        await page.PressAsync(".mud-dialog button", "Publish");
        await page.SeesAsync("body", "Publish: asked for");

        string text;
        do text = (await subscriber.NextDeliveryAsync(TestContext.Current.CancellationToken)).Text;
        while (text != "Typed by hand: ü");
        await page.SeesAsync("table a", "3");
        Assert.Equal("publish", (string)(await hub.AskAsync("actions"))["items"]![0]!["kind"]!);
    }

    [Fact]
    public async Task Subscription_WhoseCallbackHasAQuery_IsExplained_WithoutIt()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await HubProcess.StartAsync(HubProcess.Sqlite);
        await hub.SubscribeAsync(subscriber, DashboardBrowser.Topic, "callback?token=undisclosed&is=bad");
        await hub.PushAsync(DashboardBrowser.Topic, "first");
        await hub.UntilAsync("overview", o => (long)o["behind"]! == 1);
        await using var page = await chromium.OpenAsync();
        await page.GoAsync(hub, $"subscriptions/{await hub.FirstIdAsync("subscriptions")}");

        await page.PressAsync("main a", "Explain");
        await page.SeesAsync("ol.story", "The callback answered 503");

        Assert.DoesNotContain("undisclosed", await page.GetContentAsync() + page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predicate_Typed_ShowsWhoWouldGetTheMessage()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await HubProcess.StartAsync(HubProcess.Sqlite);
        await hub.SubscribeToMessagesAsync(subscriber.Callback("trade"), "UN.CEFACT.*");
        await hub.SubscribeToMessagesAsync(subscriber.Callback("other"), "UN.OTHER");
        await using var page = await chromium.OpenAsync();
        var complaints = page.Listen();
        await page.GoAsync(hub, "predicates");
        await page.SeesAsync("table", "UN.OTHER");

        await page.TypeAsync("input[name=predicate]", "un.cefact.Trade");
        await page.PressAsync("button", "Find");
        await page.SeesAsync("table", "UN.CEFACT.*");
        var found = await page.EvaluateExpressionAsync<string>("document.querySelector('tbody').textContent");
        await page.PressAsync("table a", "Explain");
        await page.SeesAsync("main", "No message of un.cefact.Trade");
        await page.GoAsync(hub, "predicates?predicate=" + Uri.EscapeDataString("*"));
        await page.SeesAsync("main", "must not contain a wildcard");

        Assert.Contains(subscriber.Callback("trade"), found, StringComparison.Ordinal);
        Assert.DoesNotContain("UN.OTHER", found, StringComparison.Ordinal);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Page_ThatIsUnknown_IsAnswered404_AndLeadsBack()
    {
        await using var hub = await HubProcess.StartAsync(HubProcess.Sqlite);
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

        using var answer = await http.GetAsync(new Uri($"{hub.Origin}/dashboard/no/such/page"), TestContext.Current.CancellationToken);
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Contains("There is no such page", html, StringComparison.Ordinal);
        Assert.Contains("<base href=\"../../\"", html, StringComparison.Ordinal);
    }
}
