using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Dashboard;

/// <summary>The numbers of the overview are those of the API.</summary>
public sealed class DashboardNumbersTests
{
    private const string Read = """
        (() => {
          const numbers = { at: document.querySelector('.tiles').dataset.at };
          for (const e of document.querySelectorAll('.tiles [id]')) numbers[e.id] = e.textContent;
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
        await using var hub = await DashboardBrowser.StartHubAsync(subscriber);
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

        var common = seen.Keys.Where(looks.ContainsKey).ToList();
        Assert.InRange(common.Count, 3, int.MaxValue);
        Assert.All(common, at => Assert.Equal(Expected(looks[at], seen[at]), seen[at].ToJsonString()));
        // The numbers move: it is not the same look all the time.
        Assert.InRange(common.Select(at => (long)looks[at]["lag"]!).Distinct().Count(), 2, int.MaxValue);
    }

    /// <summary>What the page should say, in the order in which it does.</summary>
    private static string Expected(JsonNode look, JsonNode page)
    {
        var hour = look["lastHour"]!;
        // In the first seconds of a minute other nodes have yet to add the last one.
        var isSettled = (DateTimeOffset)look["at"]! - (DateTimeOffset)hour[59]!["from"]! >= TimeSpan.FromSeconds(5);
        var minute = hour[isSettled ? 58 : 57]!;
        var expected = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["at"] = (string)page["at"]!,
            ["rate"] = Rate(minute["delivered"]!),
            ["failures"] = Rate(minute["failed"]!),
            ["latency"] = (string)page["latency"]!,
            ["latency99"] = (string)page["latency99"]!,
            ["subscriptions"] = Number(look["subscriptions"]!),
            ["topics"] = Number(look["topics"]!),
            ["behind"] = Number(look["behind"]!),
            ["lag"] = Number(look["lag"]!),
            ["dead-letters"] = Number(look["deadLetters"]!),
            ["requests"] = Number(look["requestsWaiting"]!),
            ["lanes"] = Number(look["lanesWaiting"]!),
            ["in-flight"] = Number(look["attemptsInFlight"]!),
            ["oldest"] = ((double)look["oldestDueSeconds"]!).ToString("0.#", CultureInfo.InvariantCulture) + " s",
        };
        return JsonSerializer.Serialize(expected, JsonSerializerOptions.Web);
    }

    private static string Number(JsonNode number) => ((long)number).ToString("n0", CultureInfo.InvariantCulture);

    private static string Rate(JsonNode perMinute) => ((long)perMinute / 60.0).ToString("#,0.#", CultureInfo.InvariantCulture);

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
