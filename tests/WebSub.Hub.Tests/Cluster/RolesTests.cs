using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Health;
using WebSub.Hub.Hosting;
using WebSub.Hub.Tests.Administration;
using WebSub.Protocol;
using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Cluster;

/// <summary>Nodes that do a part of the work (<c>WebSub:Hub:Roles</c>).</summary>
[Trait("Starts", "PostgreSql")]
public sealed class RolesTests(PostgreSqlServer server)
{
    private const string Topic = "https://publisher.example/feed";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_AtANodeThatTakesIn_IsVerifiedFetchedAndDeliveredByTheOther_WithoutAPoll()
    {
        // The clock stands still at the node that delivers, a minute ahead: it does only what it is told of.
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(1));
        var database = await server.CreateDatabaseAsync();
        await using var intake = await HubHost.StartAsync(
            database,
            o => (o.Roles, o.Publishing.MinFetchInterval) = (HubRoles.Intake, TimeSpan.Zero)
        );
        await using var delivery = await HubHost.StartAsync(database, o => o.Roles = HubRoles.Delivery, clock);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var publisher = await FakePublisher.StartAsync();
        publisher.Set("feed", "fetched");

        await intake.SubscribeAsync(publisher.Url(), subscriber.Callback());
        using (var ping = await intake.PostAsync(new HubFields().Add(HubParameters.Mode, "publish").Add("hub.url", publisher.Url())))
            Assert.Equal(HttpStatusCode.Accepted, ping.StatusCode);
        var fetched = await intake.NextDeliveryAsync(subscriber);
        await intake.PublishAsync(publisher.Url(), "pushed");
        var pushed = await intake.NextDeliveryAsync(subscriber);
        var id = (await intake.ListAsync("subscriptions"))[0]["id"];
        var paused = await intake.ActAsync($"subscriptions/{id}/pause");

        Assert.Equal(("fetched", "pushed"), (fetched.Text, pushed.Text));
        Assert.Equal(1, (long)paused["affected"]!);
        Assert.Equal(delivery.Services.GetRequiredService<HubNode>().Name, (await intake.ListAsync("lanes"))[0]["holder"]?.ToString());
    }

    [Fact]
    public async Task NodeThatOnlyDelivers_RefusesRequests_AndSaysWhereToSendThem()
    {
        await using var hub = await HubHost.StartAsync(await server.CreateDatabaseAsync(), o => o.Roles = HubRoles.Delivery);
        using var message = new HttpRequestMessage(HttpMethod.Post, hub.Origin + "/messages") { Content = JsonContent.Create(new { }) };

        using var subscribe = await hub.RequestAsync(HubModes.Subscribe, Topic, "https://subscriber.example/");
        using var posted = await hub.SendAsync(message);
        using var overview = await hub.AskAsync(HttpMethod.Get, "overview");

        const string Sentence =
            "This node only delivers (WebSub:Hub:Roles is Delivery); send requests to a node whose role is Intake or All.";
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, Sentence + "\n"),
            (subscribe.StatusCode, await subscribe.Content.ReadAsStringAsync(Cancelled))
        );
        Assert.Equal(HttpStatusCode.ServiceUnavailable, posted.StatusCode);
        Assert.Contains(Sentence, await posted.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, overview.StatusCode);
    }

    [Fact]
    public async Task Nodes_ListsAllThatLive_WithTheirRoles_WhetherOrNotTheyHoldLanes()
    {
        var database = await server.CreateDatabaseAsync();
        await using var one = await HubHost.StartAsync(database);
        var two = await HubHost.StartAsync(database, o => o.Roles = HubRoles.Intake);
        await one.UntilAsync("select count(*) from {nodes} having count(*) = 2");

        var both = await one.ListAsync("nodes");
        await two.DisposeAsync();
        await one.UntilAsync(async () => (await one.ListAsync("nodes")).Count == 1);
        await using var three = await HubHost.StartAsync(database);
        var name = three.Services.GetRequiredService<HubNode>().Name;
        await three.UntilAsync($"select count(*) from {{nodes}} where name = '{name}'");
        var stored = await one.Db.ReadAsync(s => s.ScalarAsync<long>("select count(*) from {nodes}"), Cancelled);

        Assert.Equal(["all", "intake"], both.Select(n => (string)n["roles"]!).Order(StringComparer.Ordinal));
        Assert.All(both, n => Assert.NotEmpty((string)n["version"]!));
        Assert.Single(both, n => (bool)n["isThis"]!);
        // What is gone is removed when the next one starts.
        Assert.Equal(2, stored);
    }

    [Fact]
    public async Task Health_OfANodeThatOnlyTakesIn_DoesNotDependOnWorkThatIsLate()
    {
        await using var hub = await HubHost.StartAsync(await server.CreateDatabaseAsync(), o => o.Roles = HubRoles.Intake);
        var due = DatabaseTime.Now(TimeProvider.System) - TimeSpan.FromMinutes(5);
        await hub.Db.WriteAsync(
            s =>
                s.ExecuteAsync("insert into {topics} (id, url, due, created_at) values (1, 'https://late.example/', @due, 0)", new { due }),
            Cancelled
        );

        var result = await hub.Services.GetRequiredService<HubHealth>().CheckHealthAsync(new(), Cancelled);

        Assert.Equal(HealthStatus.Healthy, result.Status);
    }

    [Fact]
    public async Task Roles_OnSqlite_AreRefused()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.db");

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            HubHost.StartAsync($"Data Source={file}", o => o.Roles = HubRoles.Intake)
        );

        Assert.Equal(
            "WebSub:Hub:Roles is Intake; on SQLite it must be All, since one process does everything. Nodes with roles need PostgreSQL.",
            refused.Message
        );
        Assert.False(File.Exists(file));
    }
}
