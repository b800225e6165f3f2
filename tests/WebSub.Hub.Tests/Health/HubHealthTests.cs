using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Delivery.Lanes;
using WebSub.Hub.Health;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Storage;
using WebSub.Testing;
using Xunit;

namespace WebSub.Hub.Tests.Health;

/// <summary>Whether a hub says that it can take requests, and why not.</summary>
public sealed class HubHealthTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-health-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string ConnectionString => $"Data Source={Path.Combine(_folder.FullName, "hub.db")}";

    [Fact]
    public async Task Health_OfAHubWithNothingLate_IsHealthy_AndAsksTheDatabaseOnceForAll()
    {
        await using var hub = await HubHost.StartAsync(ConnectionString, time: new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56)));
        var asked = 0;
        hub.Db.Watch = text => asked += text == "select 1" ? 1 : 0;

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => CheckAsync(hub)));

        Assert.All(results, r => Assert.Equal(HealthStatus.Healthy, r.Status));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Health_WithWorkThatNobodyDoes_IsDegraded()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var due = DatabaseTime.Now(clock) - TimeSpan.FromSeconds(90);

        // On a busy machine a loop may come upon it as it starts, and do it; later nothing does, since the clock stands still.
        HealthCheckResult result = default;
        for (var i = 0; i < 5 && result.Status != HealthStatus.Degraded; i++)
        {
            await using var hub = await HubHost.StartAsync(ConnectionString, time: clock);
            var url = $"https://late{i}.example/";
            await hub.Db.WriteAsync(
                s => s.ExecuteAsync("insert into {topics} (url, due, created_at) values (@url, @due, 0)", new { url, due }),
                Cancelled
            );
            result = await CheckAsync(hub);
        }

        Assert.Equal((HealthStatus.Degraded, "Work is due since 90 s that nobody does."), (result.Status, result.Description));
    }

    [Fact]
    public async Task Health_WhileTheLoopOfTheLanesHangs_IsDegraded()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await HubHost.StartAsync(
            ConnectionString,
            time: clock,
            services: s => s.AddSingleton<ILaneClaims>(new HangingClaims())
        );
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync("https://publisher.example/feed", subscriber.Callback());
        await hub.PublishAsync("https://publisher.example/feed", "first");

        clock.Advance(TimeSpan.FromSeconds(89));
        var soon = await CheckAsync(hub);
        clock.Advance(TimeSpan.FromSeconds(11));
        var late = await CheckAsync(hub);

        // It is nobody's after the thirty seconds of a claim, and late a minute later.
        Assert.Equal(HealthStatus.Healthy, soon.Status);
        Assert.Equal((HealthStatus.Degraded, "Work is due since 70 s that nobody does."), (late.Status, late.Description));
    }

    [Fact]
    public async Task Health_WhileTheDatabaseIsLocked_IsUnhealthy_AndThenHealthyAgain()
    {
        await using var hub = await HubHost.StartAsync(ConnectionString);
        await using var other = new SqliteConnection(ConnectionString);
        await other.OpenAsync(Cancelled);

        HealthCheckResult locked;
        await using (var transaction = other.BeginTransaction(deferred: false))
            locked = await CheckAsync(hub);
        HealthCheckResult free;
        do
        {
            free = await CheckAsync(hub);
        } while (free.Status != HealthStatus.Healthy);

        Assert.Equal((HealthStatus.Unhealthy, "The database does not answer as it should."), (locked.Status, locked.Description));
    }

    [Fact]
    public async Task Health_OfAHubThatStops_IsUnhealthy()
    {
        await using var hub = await HubHost.StartAsync(ConnectionString);
        await hub.Services.GetRequiredService<HubNode>().StopAsync();

        var result = await CheckAsync(hub);

        Assert.Equal((HealthStatus.Unhealthy, "The hub is stopping."), (result.Status, result.Description));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private sealed class HangingClaims : ILaneClaims
    {
        public bool Expire => false;

        public bool HasMore => false;

        public bool Cover(Timestamp claimedAt) => true;

        public bool MayHaveLost(Timestamp timestamp) => false;

        public void Rescan()
        {
            // It never gets as far.
        }

        public async Task<IReadOnlyList<LaneRow>> TakeAsync(
            IReadOnlyCollection<TopicId> topics,
            IReadOnlyCollection<LaneId> running,
            int max,
            CancellationToken cancellationToken
        )
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return [];
        }
    }

    private static Task<HealthCheckResult> CheckAsync(HubHost hub) =>
        hub.Services.GetRequiredService<HubHealth>().CheckHealthAsync(new(), Cancelled);
}
