using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Commons;
using PuppeteerSharp;
using PuppeteerSharp.Media;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;
using WebSub.Protocol;
using WebSub.Testing;

namespace WebSub.EndToEnd.Tests.Dashboard;

/// <summary>A hub that works, and its dashboard as a person before a browser uses it.</summary>
internal static class DashboardBrowser
{
    public const string Topic = "https://news.example/feed";

    public static async Task<FakeSubscriber> StartSubscriberAsync()
    {
        var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = d => Task.FromResult(d.Target.EndsWith("bad", StringComparison.Ordinal) ? 503 : 200);
        return subscriber;
    }

    /// <summary>A hub with a topic, a subscriber that is well, and one that fails.</summary>
    public static async Task<HubProcess> StartHubAsync(FakeSubscriber subscriber)
    {
        var hub = await HubProcess.StartAsync(HubProcess.Sqlite);
        await hub.SubscribeAsync(subscriber, Topic, "good");
        await hub.SubscribeAsync(subscriber, Topic, "bad");
        await hub.PushAsync(Topic, "first");
        await hub.PushAsync(Topic, "second");
        await hub.UntilAsync("overview", o => (long)o["behind"]! == 1 && ((JsonArray)o["troubles"]!).Count == 1);
        return hub;
    }

    /// <summary>Adds what other pages show: a key, a paused origin, a predicate subscription, a request that waits.</summary>
    public static async Task FillAsync(HubProcess hub, FakeSubscriber subscriber)
    {
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        using var key = await http.PostAsJsonAsync($"{hub.Origin}/api/v1/keys", new { name = "blog", scopes = new[] { "publish" } });
        Assert.True(key.IsSuccessStatusCode);
        var pause = new { origin = "https://slow.example", reason = "Asked for by its owner." };
        using var paused = await http.PostAsJsonAsync($"{hub.Origin}/api/v1/origins/pause", pause);
        Assert.True(paused.IsSuccessStatusCode);
        await hub.SubscribeToMessagesAsync(subscriber.Callback("trade"), "UN.CEFACT.*");
        subscriber.OnVerification = _ => Task.FromResult<int?>(503);
        var form = new HubFields()
            .Add(HubParameters.Mode, HubModes.Subscribe)
            .Add(HubParameters.Topic, Topic)
            .Add(HubParameters.Callback, subscriber.Callback("waits"));
        Assert.Equal(202, (await new HubClient(http).PostAsync(hub.Url, form)).StatusCode);
        await hub.UntilAsync("requests", r => (string?)r["items"]![0]!["why"] is { } why && why.Contains("503", StringComparison.Ordinal));
        await hub.UntilAsync("actions", a => ((JsonArray)a["items"]!).All(i => i!["doneAt"] is not null));
    }

    /// <summary>Publishes to a topic, so many milliseconds apart, until it is to end.</summary>
    public static async Task PublishSteadilyAsync(this HubProcess hub, string topic, int milliseconds, CancellationToken end)
    {
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            await hub.PushAsync(topic, $"update {i}");
            await PauseAsync(milliseconds, end);
        }
    }

    public static async Task PauseAsync(int milliseconds, CancellationToken end) =>
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, end)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Subscribes a callback to messages, as a local caller does.</summary>
    public static async Task SubscribeToMessagesAsync(this HubProcess hub, string callback, string topic)
    {
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        var form = new HubFields()
            .Add(HubParameters.Mode, HubModes.Subscribe)
            .Add(HubParameters.Callback, callback)
            .Add(HubParameters.Topic, topic);
        Assert.Equal(202, (await new HubClient(http).PostAsync(hub.Origin + "/subscriptions", form)).StatusCode);
    }

    public static async Task<string> FirstIdAsync(this HubProcess hub, string list) =>
        (string)(await hub.AskAsync(list))["items"]![0]!["id"]!;

    /// <summary>What the browser complains about on its console.</summary>
    public static ConcurrentQueue<string> Listen(this IPage page)
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

    private static Task SetDarkAsync(this IPage page, bool isDark) =>
        page.EmulateMediaFeaturesAsync([new() { MediaFeature = MediaFeature.PrefersColorScheme, Value = isDark ? "dark" : "light" }]);

    public static async Task GoAsync(this IPage page, HubProcess hub, string path)
    {
        await page.GoToAsync($"{hub.Origin}/dashboard/{path}");
        await page.IsLiveAsync();
    }

    /// <summary>Returns once buttons do something.</summary>
    public static Task IsLiveAsync(this IPage page) => page.WaitForSelectorAsync("main[data-live]", Patience());

    /// <summary>What is wrong with a page in the light, in the dark and on a phone; takes pictures of it.</summary>
    public static async Task<IReadOnlyList<string>> InspectAsync(this IPage page, string path)
    {
        var findings = new List<string>();
        await page.SetViewportAsync(new() { Width = 1200, Height = 900 });
        foreach (var look in (string[])["", "-dark"])
        {
            await page.SetDarkAsync(look.Length > 0);
            findings.AddRange((await page.AxeAsync()).Select(f => $"{path}{look}: {f}"));
            await page.SaveAsync(path, look);
        }

        await page.SetViewportAsync(new() { Width = 360, Height = 800 });
        await page.SaveAsync(path, "-narrow");
        var width = await page.EvaluateExpressionAsync<int>("document.documentElement.scrollWidth");
        if (width > 360)
            findings.Add($"{path}: {width} px wide at 360");
        await page.SetViewportAsync(new() { Width = 1200, Height = 900 });
        await page.SetDarkAsync(false);
        return findings;
    }

    private static async Task<IEnumerable<string>> AxeAsync(this IPage page)
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

    /// <summary>Where UPDATE_SCREENSHOTS names a folder, pictures go there: for the documentation, and to be looked at.</summary>
    public static async Task SaveAsync(this IPage page, string path, string look)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_SCREENSHOTS") is not { Length: > 0 } folder)
            return;
        var parts = path.Split('/', '?');
        var name = path.Length == 0 ? "overview" : string.Join('-', parts.Where(p => p.Length < 16).Select(p => p.Split('=')[0]));
        await page.ScreenshotAsync(
            Path.Combine(folder, $"dashboard-{name}{(parts.Length > 1 && !path.Contains('?') ? "-one" : "")}{look}.png"),
            new() { FullPage = true }
        );
    }

    public static async Task PressAsync(this IPage page, string selector, string text)
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

    public static Task SeesAsync(this IPage page, string selector, string text) =>
        page.WaitForFunctionAsync(
            "(s, t) => [...document.querySelectorAll(s)].some(e => e.textContent.includes(t))",
            new WaitForFunctionOptions { Timeout = Patience().Timeout },
            selector,
            text
        );

    // A browser on a busy machine, and a circuit that is tried again after ever longer pauses.
    private static WaitForSelectorOptions Patience() => new() { Timeout = 3 * (int)Deadline.Default.TotalMilliseconds };
}
