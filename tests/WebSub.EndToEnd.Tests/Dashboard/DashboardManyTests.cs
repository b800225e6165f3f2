using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using PuppeteerSharp;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;

namespace WebSub.EndToEnd.Tests.Dashboard;

/// <summary>A hub with a hundred thousand subscriptions and as many dead letters.</summary>
public sealed partial class DashboardManyTests : IDisposable
{
    private const int MaxPage = 100_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-many-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Lists_OfAHundredThousand_GoOnPageByPage_AndEachPageIsSmall()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var hub = await HubProcess.StartAsync($"Data Source={_folder}/hub.db");
        await hub.KillAsync();
        await FillAsync();
        await hub.RestartAsync();
        await using var page = await chromium.OpenAsync();
        var complaints = page.Listen();

        await page.GoAsync(hub, "");
        await page.SeesAsync("#subscriptions", "100,000");
        await page.SeesAsync("#dead-letters", "100,000");
        await page.SeesAsync("#behind", "2,000");
        var subscriptions = await WalkAsync(page, hub, "subscriptions", "td a[href^=subscriptions]");
        var behind = await WalkAsync(page, hub, "subscriptions?state=behind", "td a[href^=subscriptions]");
        var deadLetters = await WalkAsync(page, hub, "dead-letters", "td:nth-child(2)");
        await page.SaveAsync("dead-letters?many", "");

        Assert.Equal((150, 150, 150), (subscriptions.Distinct().Count(), behind.Distinct().Count(), deadLetters.Distinct().Count()));
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        foreach (var path in (string[])["", "topics", "subscriptions", "subscriptions?state=behind", "dead-letters", "nodes", "origins"])
        {
            var html = await http.GetByteArrayAsync(new Uri($"{hub.Origin}/dashboard/{path}"), TestContext.Current.CancellationToken);
            Assert.True(html.Length <= MaxPage, $"{path}: {html.Length} bytes");
        }

        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Lists_OfTheLongestUrls_AreSmall_AndShowAllOfOneOnDemand()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var hub = await HubProcess.StartAsync($"Data Source={_folder}/hub.db");
        await hub.KillAsync();
        await ExecuteAsync(
            $$"""
            insert into websub_hub_topics (id, url, created_at, head)
            select value, 'https://news.example/' || value || '/' || {{Long}}, 1, 5 from generate_series(1, 60);
            insert into websub_hub_lanes (id, topic_id, number, cursor, size) select value, value, 1, 5, 1 from generate_series(1, 60);
            insert into websub_hub_subscriptions (topic_id, lane_id, callback, callback_host, lease_seconds, lease_end, created_at,
              verified_at, position, due, attempts, last_error)
            select value, value, 'https://subscriber.example/' || value || '/' || {{Long}}, 'subscriber.example', 1, 90000000000000000, 1,
              1, 0, 80000000000000000, 1, 'The callback answered 503.' from generate_series(1, 60);
            insert into websub_hub_dead_letters (topic_id, subscription_id, callback, first_sequence, last_sequence, attempts, last_status,
              last_error, created_at)
            select value, value, 'https://subscriber.example/' || value || '/' || {{Long}}, 3, 3, 9, 503, 'The callback answered 503.',
              cast(strftime('%s', 'now') as integer) * 1000000 + value from generate_series(1, 60);
            insert into websub_hub_requests (pair, mode, topic, callback, lease_seconds, due, created_at)
            select cast('x' || value as blob), 'subscribe', 'https://news.example/' || value || '/' || {{Long}},
              'https://subscriber.example/' || value || '/' || {{Long}}, 1, 80000000000000000, 1 from generate_series(1, 60);
            insert into websub_hub_actions (kind, target, requested_by, requested_at, done_at, reason)
            select 'RedeliverAll', 'https://news.example/' || value || '/' || {{Long}}, 'local', 1,
              cast(strftime('%s', 'now') as integer) * 1000000, substr({{Long}}, 1, 1000) from generate_series(1, 60);
            insert into websub_hub_patterns (callback, pattern, topic, topic_id, subscription_id, lease_seconds, lease_end, after_sequence,
              version, created_at)
            select 'https://subscriber.example/' || s.id || '/' || {{Long}}, 'a' || s.id || {{Long}}, 'a' || s.id || {{Long}}, s.topic_id,
              s.id, 1, 90000000000000000, 0, 1, 1 from websub_hub_subscriptions s;
            """
        );
        await hub.RestartAsync();
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        await using var page = await chromium.OpenAsync();
        var complaints = page.Listen();
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);

        string[] pages =
        [
            "",
            "topics",
            "subscriptions",
            "subscriptions?state=behind",
            "dead-letters",
            "requests",
            "predicates",
            "nodes",
            "actions",
        ];
        foreach (var path in pages)
        {
            var html = await http.GetStringAsync(new Uri($"{hub.Origin}/dashboard/{path}"), TestContext.Current.CancellationToken);
            sizes[path] = html.Length;
        }

        await page.GoAsync(hub, "dead-letters");
        var cut = await page.EvaluateExpressionAsync<string>("document.querySelector('tbody td:nth-child(2)').textContent");
        await page.PressAsync("tbody button", "All");
        await page.SeesAsync("tbody td:nth-child(2)", "/1/" + new string('x', 1900) + "/end");
        await page.PressAsync("tbody button", "Less");
        await page.GoAsync(hub, "subscriptions");
        await page.PressAsync("tbody tr:first-child td:first-child a", cut.Replace("All", "", StringComparison.Ordinal).Trim());
        await page.SeesAsync("h1", "/1/" + new string('x', 1900) + "/end");

        Assert.All(sizes, s => Assert.True(s.Value is > 2_000 and <= MaxPage, $"{s.Key}: {s.Value} characters"));
        Assert.StartsWith("https://subscriber.example/1/xxx", cut, StringComparison.Ordinal);
        Assert.Contains("xxx/end", cut, StringComparison.Ordinal);
        Assert.Empty(complaints);
    }

    // As long as a URL may be, nearly.
    private const string Long = "replace(hex(zeroblob(950)), '0', 'x') || '/end'";

    /// <summary>What three pages of a list show.</summary>
    private static async Task<List<string>> WalkAsync(IPage page, HubProcess hub, string path, string cells)
    {
        var seen = new List<string>();
        await page.GoAsync(hub, path);
        for (var i = 0; i < 3; i++)
        {
            var first = seen.Count == 0 ? "" : seen[^50];
            await page.WaitForFunctionAsync("(s, f) => (document.querySelector(s)?.textContent ?? f) !== f", cells, first);
            seen.AddRange(
                await page.EvaluateFunctionAsync<string[]>("s => [...document.querySelectorAll(s)].map(e => e.textContent)", cells)
            );
            Assert.Equal(50 * (i + 1), seen.Count);
            await page.PressAsync("nav.pages a", "Next page");
        }

        return seen;
    }

    /// <summary>A hundred lanes of a thousand; one in fifty is behind and not due, and all have a dead letter.</summary>
    private Task FillAsync() =>
        ExecuteAsync(
            """
            insert into websub_hub_topics (id, url, created_at, head) values (1, 'https://news.example/feed', 1, 5);
            insert into websub_hub_lanes (id, topic_id, number, cursor, size)
            select value, 1, value, 5, 1000 from generate_series(1, 100);
            insert into websub_hub_subscriptions (topic_id, lane_id, callback, callback_host, lease_seconds, lease_end, created_at,
              verified_at, position, due, attempts, last_error)
            select 1, 1 + value / 1000, 'https://subscriber-' || value || '.example/a/callback/of/ordinary/length',
              'subscriber-' || value || '.example', 1, 90000000000000000, 1, 1, iif(value % 50 = 0, 0, null),
              iif(value % 50 = 0, 80000000000000000, null), value % 50 = 0, iif(value % 50 = 0, 'The callback answered 503.', null)
            from generate_series(0, 99999);
            insert into websub_hub_dead_letters (topic_id, subscription_id, callback, first_sequence, last_sequence, attempts, last_status,
              last_error, created_at)
            select 1, value, 'https://subscriber-' || value || '.example/a/callback/of/ordinary/length', 3, 3, 9, 503,
              'The callback answered 503.', cast(strftime('%s', 'now') as integer) * 1000000 + value from generate_series(0, 99999);
            """
        );

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_folder}/hub.db");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"begin;{Series().Replace(sql, m => Numbers(m.Groups[1].Value, m.Groups[2].Value))}commit;";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"generate_series\((\d+), (\d+)\)")]
    private static partial Regex Series();

    private static string Numbers(string from, string to) =>
        $"(with recursive n(value) as (select {from} union all select value + 1 from n where value < {to}) select value from n)";
}
