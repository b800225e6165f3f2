using System.Net;
using System.Text;
using Microsoft.Data.Sqlite;
using WebSub.Hub.Tests.Predicates;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Endpoints;

/// <summary>A database that does not answer: callers hear of it at once, the log once a minute, and everything goes on by itself.</summary>
public sealed class OutageTests : IDisposable
{
    private const string Topic = "https://publisher.example/feed";
    private const int DatabaseAway = 9006;
    private const int LoopFailed = 9001;
    private const int RequestFailed = 1008;
    private const int PredicateRequestFailed = 1402;
    private const int StorageRefused = 1401;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-outage-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SqliteFile_LockedByAnotherProgram_IsAnswered503AndThenGoesOn()
    {
        var file = Path.Combine(_folder.FullName, "hub.db");
        await using var hub = await HubHost.StartAsync($"Data Source={file}");
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await using var other = new SqliteConnection($"Data Source={file}");
        await other.OpenAsync(Cancelled);

        await using (var transaction = other.BeginTransaction(deferred: false))
        {
            for (var i = 0; i < 5; i++)
                await AssertAwayAsync(hub);
        }

        using var answer = await PushAsync(hub, "after");
        var delivered = await NextAsync(hub, subscriber, "after");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("after", delivered);
        AssertQuiet(hub);
    }

    [Fact]
    [Trait("Starts", "PostgreSql")]
    public async Task PostgreSql_ThatIsFrozen_IsAnswered503AndThenGoesOn()
    {
        await using var server = new PostgreSqlServer();
        await using var hub = await HubHost.StartAsync(await server.CreateDatabaseAsync());
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        await server.FreezeAsync();
        try
        {
            for (var i = 0; i < 3; i++)
                await AssertAwayAsync(hub);
        }
        finally
        {
            await server.ThawAsync();
        }

        HttpStatusCode status;
        do
        {
            using var answer = await PushAsync(hub, "after");
            status = answer.StatusCode;
        } while (status == HttpStatusCode.ServiceUnavailable);
        var delivered = await NextAsync(hub, subscriber, "after");

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal("after", delivered);
        AssertQuiet(hub);
    }

    [Fact]
    public async Task SqliteFile_OnAFullDisk_IsAnswered503AndThenGoesOn()
    {
        await using var hub = await HubHost.StartAsync($"Data Source={Path.Combine(_folder.FullName, "hub.db")}");
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        var pages = await hub.Db.WriteAsync(s => s.ScalarAsync<long>("pragma page_count"), Cancelled);

        // What SQLite says then is what it says of a disk without room.
        await SetMaxPagesAsync(pages);
        var large = new string('x', 512 * 1024);
        for (var i = 0; i < 3; i++)
        {
            using var refused = await PushAsync(hub, large);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        await SetMaxPagesAsync(pages + 100_000);
        using var answer = await PushAsync(hub, large);
        var delivered = await NextAsync(hub, subscriber, large);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(large.Length, delivered.Length);
        Assert.Empty(hub.LoggedExceptions);

        Task SetMaxPagesAsync(long count) => hub.Db.WriteAsync(s => s.ScalarAsync<long>($"pragma max_page_count = {count}"), Cancelled);
    }

    [Fact]
    public async Task Stop_WhileTheSqliteFileIsLocked_EndsInTimeAndLogsNoException()
    {
        var file = Path.Combine(_folder.FullName, "hub.db");
        await using var hub = await HubHost.StartAsync($"Data Source={file}");
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await using var other = new SqliteConnection($"Data Source={file}");
        await other.OpenAsync(Cancelled);

        await using var transaction = other.BeginTransaction(deferred: false);
        await AssertAwayAsync(hub);
        await hub.StopAsync();

        Assert.Empty(hub.LoggedExceptions);
    }

    [Fact]
    [Trait("Starts", "PostgreSql")]
    public async Task Stop_WhilePostgreSqlIsFrozen_EndsInTimeAndLogsNoException()
    {
        await using var server = new PostgreSqlServer();
        await using var hub = await HubHost.StartAsync(await server.CreateDatabaseAsync());
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        await server.FreezeAsync();
        try
        {
            await AssertAwayAsync(hub);
            await hub.StopAsync();
        }
        finally
        {
            await server.ThawAsync();
        }

        Assert.Empty(hub.LoggedExceptions);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private static async Task AssertAwayAsync(HubHost hub)
    {
        using var answer = await PushAsync(hub, "during");
        using var message = new StringContent(PredicateClient.Message("aa.during"), Encoding.UTF8, "application/json");
        using var predicates = await new PredicateClient(hub).ExchangeAsync(HttpMethod.Post, "/messages", message);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (answer.StatusCode, predicates.StatusCode));
        Assert.Equal((true, true), (answer.Headers.RetryAfter is not null, predicates.Headers.RetryAfter is not null));
        Assert.Contains("\"errors\":[{\"status\":", await predicates.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> PushAsync(HubHost hub, string content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{hub.Url}?hub.mode=publish&hub.topic={Uri.EscapeDataString(Topic)}")
        {
            Content = new StringContent(content, Encoding.UTF8, "text/plain"),
        };
        return hub.SendAsync(request);
    }

    // What was answered 503 may have been stored all the same.
    private static async Task<string> NextAsync(HubHost hub, FakeSubscriber subscriber, string text)
    {
        while (true)
        {
            if ((await hub.NextDeliveryAsync(subscriber)).Text == text)
                return text;
        }
    }

    /// <summary>A line for each loop and endpoint, and no stack traces of what the database did.</summary>
    private static void AssertQuiet(HubHost hub)
    {
        Assert.InRange(hub.LogCount(DatabaseAway), 1, 15);
        int[] noisy = [LoopFailed, RequestFailed, PredicateRequestFailed, StorageRefused];
        Assert.All(noisy, number => Assert.Equal(0, hub.LogCount(number)));
    }
}
