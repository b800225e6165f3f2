using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;
using WebSub.Testing;

namespace WebSub.EndToEnd.Tests.Dashboard;

/// <summary>The numbers of the overview are those of the API.</summary>
public sealed partial class DashboardNumbersTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-numbers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private const string Read = """
        (() => {
          const numbers = { at: document.querySelector('.tiles').dataset.at };
          for (const e of document.querySelectorAll('.tiles [id]')) numbers[e.id] = e.textContent;
          const troubles = [...document.querySelectorAll('.troubles li')];
          numbers.troubles = troubles.map(e => e.textContent.replace(/\s*Look$/, '').trim()).join(' ');
          return JSON.stringify(numbers);
        })()
        """;

    /// <summary>
    /// A look at the hub has a time, and whoever asks within two seconds gets the same one. The API is asked all the time, so it has every
    /// look that the page has.
    /// </summary>
    [Fact]
    public async Task Overview_OfAHubUnderLoad_HasTheNumbersOfTheApi()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await HubProcess.StartAsync($"Data Source={_folder}/hub.db");
        await hub.KillAsync();
        await FillAsync("value >= -5");
        await hub.RestartAsync();
        await hub.SubscribeAsync(subscriber, DashboardBrowser.Topic, "good");
        await hub.SubscribeAsync(subscriber, DashboardBrowser.Topic, "bad");
        await using var page = await chromium.OpenAsync();
        using var end = new CancellationTokenSource();
        var looks = new ConcurrentDictionary<string, JsonNode>(StringComparer.Ordinal);
        var load = hub.PublishSteadilyAsync(DashboardBrowser.Topic, 20, end.Token);
        var asking = AskAsync(hub, looks, end.Token);

        var seen = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        await page.GoAsync(hub, "");
        var until = TimeProvider.System.GetUtcNow() + 3 * Deadline.Default;
        while (seen.Keys.Count(looks.ContainsKey) < 3 && TimeProvider.System.GetUtcNow() < until)
        {
            var numbers = JsonNode.Parse(await page.EvaluateExpressionAsync<string>(Read))!;
            seen[(string)numbers["at"]!] = numbers;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        await end.CancelAsync();
        await Task.WhenAll(load, asking);
        var nodes = (await hub.AskAsync("nodes"))["items"]!.AsArray();

        var common = seen.Keys.Where(looks.ContainsKey).ToList();
        Assert.InRange(common.Count, 3, int.MaxValue);
        Assert.All(common, at => Assert.Equal(Expected(at, looks[at], nodes), seen[at].ToJsonString(Written)));
        // The numbers move: it is not the same look all the time.
        Assert.InRange(common.Select(at => (long)looks[at]["lag"]!).Distinct().Count(), 2, int.MaxValue);
        Assert.All(common, at => Assert.EndsWith("ms", (string)seen[at]["latency99"]!, StringComparison.Ordinal));
        Assert.All(common, at => Assert.NotEqual("0", (string)seen[at]["failures"]!));
    }

    /// <summary>
    /// The look is compared with what does not come of it: the lists of the API, read page by page while the hub is at work, and what the
    /// subscriber saw.
    /// </summary>
    [Fact]
    public async Task Overview_OfAHubUnderLoad_AgreesWithTheListsOfTheApi_AndWithThePeers()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var subscriber = await DashboardBrowser.StartSubscriberAsync();
        await using var hub = await DashboardBrowser.StartHubAsync(subscriber);
        await hub.SubscribeAsync(subscriber, Busy, "busy");
        await DashboardBrowser.FillAsync(hub, subscriber);
        using var end = new CancellationTokenSource();
        var load = hub.PublishSteadilyAsync(Busy, 20, end.Token);
        await using var page = await chromium.OpenAsync();

        // A look is kept for a moment: one of before all of it was there says nothing.
        await hub.UntilAsync(
            "overview",
            o => (long)o["subscriptions"]! == 4 && (long)o["behind"]! == 1 && (long)o["requestsWaiting"]! == 1
        );
        await page.GoAsync(hub, "");
        var numbers = JsonNode.Parse(await page.EvaluateExpressionAsync<string>(Read))!;
        Dictionary<string, long> listed = new(StringComparer.Ordinal)
        {
            ["subscriptions"] = (await WalkAsync(hub, "subscriptions")).Count,
            ["topics"] = (await WalkAsync(hub, "topics")).Count,
            ["behind"] = (await WalkAsync(hub, "subscriptions?state=behind")).Count,
            ["dead-letters"] = (await WalkAsync(hub, "dead-letters")).Count,
            ["requests"] = (await WalkAsync(hub, "requests")).Count,
            ["nodes"] = (await WalkAsync(hub, "nodes")).Count,
            ["held"] = (await WalkAsync(hub, "lanes")).Count,
        };
        await end.CancelAsync();
        await load;

        Assert.All(listed, l => Assert.Equal((l.Key, Number(l.Value)), (l.Key, (string)numbers[l.Key]!)));
        Assert.Equal((4, 1, 1), (listed["subscriptions"], listed["behind"], listed["requests"]));
        // Once all is quiet, the hour has exactly what the subscriber has taken and refused.
        await hub.UntilAsync("overview", o => (long)o["lanesWaiting"]! == 0 && (long)o["attemptsInFlight"]! == 0);
        await hub.UntilAsync("overview", o => (Sum(o, "delivered"), Sum(o, "failed")) == Seen(subscriber));
        Assert.InRange(Seen(subscriber).Taken, 10, int.MaxValue);
    }

    /// <summary>A minute in which nothing was delivered has no latency; a line through it, or one at 0 ms, would be a lie.</summary>
    [Fact]
    public async Task ChartOfLatencies_OfMinutesWithoutDeliveries_HasGaps_AndAMarkerForALoneMinute()
    {
        await using var hub = await HubProcess.StartAsync($"Data Source={_folder}/hub.db");
        await hub.KillAsync();
        await FillAsync("value between -50 and -41 or value between -30 and -21 or value = -10");
        await hub.RestartAsync();
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

        var html = await http.GetStringAsync(new Uri($"{hub.Origin}/dashboard/"), TestContext.Current.CancellationToken);

        var lines = Lines().Matches(html).Select(m => m.Groups["d"].Value).ToList();
        Assert.Equal(4, lines.Count);
        // Attempts were none in those minutes: that line goes on.
        Assert.All(lines[..2], l => Assert.Equal((1, 59), (l.Count(c => c == 'M'), l.Count(c => c == 'L'))));
        Assert.All(lines[2..], l => Assert.Equal((3, 18), (l.Count(c => c == 'M'), l.Count(c => c == 'L'))));
        Assert.Contains("mud-chart-point", html, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"class=""mud-chart-serie mud-chart-line""[^>]* d=""(?<d>[^""]*)""")]
    private static partial Regex Lines();

    private const string Busy = "https://busy.example/feed";

    /// <summary>All items of a list, two a page.</summary>
    private static async Task<List<JsonNode>> WalkAsync(HubProcess hub, string list)
    {
        var items = new List<JsonNode>();
        string? after = "";
        while (after is not null)
        {
            var paging = list == "nodes" ? "" : $"{(list.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=2";
            var answer = await hub.AskAsync(list + paging + (after.Length == 0 ? "" : $"&after={Uri.EscapeDataString(after)}"));
            items.AddRange(answer["items"]!.AsArray().Select(i => i!));
            after = (string?)answer["next"];
        }

        return items;
    }

    private static long Sum(JsonNode overview, string what) => overview["lastHour"]!.AsArray().Sum(m => (long)m![what]!);

    private static (long Taken, long Refused) Seen(FakeSubscriber subscriber)
    {
        var refused = subscriber.Deliveries.Count(d => d.Target.EndsWith("bad", StringComparison.Ordinal));
        return (subscriber.Deliveries.Count - refused, refused);
    }

    /// <summary>What the page should say, in the order in which it does.</summary>
    private static string Expected(string at, JsonNode look, JsonArray nodes)
    {
        var hour = look["lastHour"]!;
        // In the first seconds of a minute other nodes have yet to add the last one.
        var isSettled = (DateTimeOffset)look["at"]! - (DateTimeOffset)hour[59]!["from"]! >= TimeSpan.FromSeconds(5);
        var minute = hour[isSettled ? 58 : 57]!;
        var expected = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["at"] = at,
            ["rate"] = Rate(minute["delivered"]!),
            ["failures"] = Rate(minute["failed"]!),
            ["latency"] = Latency(minute["medianSeconds"]!),
            ["latency99"] = Latency(minute["p99Seconds"]!),
            ["subscriptions"] = Number(look["subscriptions"]!),
            ["topics"] = Number(look["topics"]!),
            ["behind"] = Number(look["behind"]!),
            ["lag"] = Number(look["lag"]!),
            ["lag-max"] = Number(look["lagMax"]!),
            ["dead-letters"] = Number(look["deadLetters"]!),
            ["requests"] = Number(look["requestsWaiting"]!),
            ["lanes"] = Number(look["lanesWaiting"]!),
            ["nodes"] = Number(nodes.Count),
            ["held"] = Number(nodes.Sum(n => (long)n!["lanes"]!)),
            ["in-flight"] = Number(look["attemptsInFlight"]!),
            ["waiting"] = Number(look["attemptsWaiting"]!),
            ["oldest"] = ((double)look["oldestDueSeconds"]!).ToString("0.#", CultureInfo.InvariantCulture) + " s",
            ["troubles"] = string.Join(' ', look["troubles"]!.AsArray().Select(t => (string)t!["sentence"]!)),
        };
        return JsonSerializer.Serialize(expected, Written);
    }

    // Words, not escapes, in what a failure shows.
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Latency(JsonNode seconds) => ((double)seconds * 1000).ToString("0", CultureInfo.InvariantCulture) + " ms";

    private static string Number(JsonNode number) => Number((long)number);

    private static string Number(long number) => number.ToString("n0", CultureInfo.InvariantCulture);

    private static string Rate(JsonNode perMinute) => ((long)perMinute / 60.0).ToString("#,0.#", CultureInfo.InvariantCulture);

    /// <summary>Every minute around now has had attempts, each others: so there are rates and latencies from the first look on.</summary>
    private async Task FillAsync(string which)
    {
        await using var connection = new SqliteConnection($"Data Source={_folder}/hub.db");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            with recursive n(value) as (select -60 union all select value + 1 from n where value < 20)
            insert into websub_hub_minutes (began_at, node, delivered, failed, latencies)
            select (cast(strftime('%s', 'now') as integer) / 60 + value) * 60000000, 'another', 6000 + 60 * value, 600 + 6 * value,
              '0 0 0 0 0 0 ' || (300 + value) || ' 0 0 9' from n where {which}
            """;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task AskAsync(HubProcess hub, ConcurrentDictionary<string, JsonNode> looks, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var look = await hub.AskAsync("overview");
            looks[((DateTimeOffset)look["at"]!).ToString("O", CultureInfo.InvariantCulture)] = look;
            await DashboardBrowser.PauseAsync(50, end);
        }
    }
}
