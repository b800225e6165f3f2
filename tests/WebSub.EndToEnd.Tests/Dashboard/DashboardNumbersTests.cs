using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Dashboard;

/// <summary>The numbers of the overview are those of the API.</summary>
public sealed class DashboardNumbersTests : IDisposable
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
        await FillAsync();
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
    private async Task FillAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={_folder}/hub.db");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            with recursive n(value) as (select -5 union all select value + 1 from n where value < 20)
            insert into websub_hub_minutes (began_at, node, delivered, failed, latencies)
            select (cast(strftime('%s', 'now') as integer) / 60 + value) * 60000000, 'another', 6000 + 60 * value, 600 + 6 * value,
              '0 0 0 0 0 0 ' || (300 + value) || ' 0 0 9' from n
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
