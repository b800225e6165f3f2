using Microsoft.Data.Sqlite;
using PuppeteerSharp;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;

namespace WebSub.EndToEnd.Tests.Dashboard;

/// <summary>A hub with a hundred thousand subscriptions and as many dead letters.</summary>
public sealed class DashboardManyTests : IDisposable
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
    private async Task FillAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={_folder}/hub.db");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            begin;
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
            commit;
            """.Replace("generate_series(0, 99999)", Numbers(0, 99999), StringComparison.Ordinal).Replace(
            "generate_series(1, 100)",
            Numbers(1, 100),
            StringComparison.Ordinal
        );
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static string Numbers(int from, int to) =>
        $"(with recursive n(value) as (select {from} union all select value + 1 from n where value < {to}) select value from n)";
}
