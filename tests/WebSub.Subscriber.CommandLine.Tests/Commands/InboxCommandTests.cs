using WebSub.Subscriber.Tests.EndToEnd;
using WebSub.Testing;

namespace WebSub.Subscriber.CommandLine.Tests.Commands;

/// <summary><c>websub inbox …</c> beside a running app. On both databases.</summary>
public abstract class InboxCommandTests
{
    private static readonly (string, string)[] OneAttempt = [("WebSub:Subscriber:Inbox:MaxAttempts", "1")];

    protected abstract Task<string> CreateDatabaseAsync();

    [Fact]
    public async Task Replay_Parked_IsHandledByTheRunningApp()
    {
        var database = await CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        var fails = true;
        await using var app = await SubscriberApp.StartAsync(
            database: database,
            news: (_, _) => fails ? throw new InvalidOperationException("Not today.") : Task.CompletedTask,
            settings: OneAttempt
        );
        var (_, request) = await app.SubscribeAsync(hub);
        await hub.DeliverAsync(request, "first");
        await app.NextAsync(WebSubChangeKind.NotificationParked);
        var console = new Operator(database) { PublicUrl = app.Url };
        var list = await console.RunAsync("inbox", "list", "--state", "parked");
        var show = await console.RunAsync("inbox", "show", list.All("id").Single());
        fails = false;

        var replay = await console.RunAsync("inbox", "replay", "--parked", "--subscription", "news");
        var handled = await app.NextNotificationAsync();

        Assert.Equal("Not today.", list.All("lastError").Single());
        Assert.Equal(("first", "parked"), (show.All("body").Single(), show.All("state").Single()));
        Assert.Equal((0, "first"), (replay.ExitCode, handled.Text));
    }

    [Fact]
    public async Task Drop_TheFirstThatWaits_LetsTheNextOneThrough()
    {
        var database = await CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            database: database,
            news: (n, _) => n.Text == "poison" ? throw new InvalidOperationException("Never.") : Task.CompletedTask,
            settings: ("WebSub:Subscriber:Inbox:DelaySeconds", "3000")
        );
        var (_, request) = await app.SubscribeAsync(hub);
        await hub.DeliverAsync(request, "poison");
        await hub.DeliverAsync(request, "good");
        var console = new Operator(database) { PublicUrl = app.Url };
        var waiting = await console.RunAsync("inbox", "list");

        var refused = await console.RunAsync(["inbox", "drop", waiting.All("id").First()], "n", isTerminal: false);
        var dropped = await console.RunAsync("inbox", "drop", waiting.All("id").First(), "-y");
        var handled = await app.NextNotificationAsync();

        Assert.Equal((1, 0), (refused.ExitCode, dropped.ExitCode));
        Assert.Equal(["toDelete", "deleted"], dropped.All("action"));
        Assert.Equal("good", handled.Text);
    }

    [Fact]
    public async Task UnknownNumber_IsRefusedAndNothingIsDropped()
    {
        var database = await CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(database: database);
        var (_, request) = await app.SubscribeAsync(hub);
        await hub.DeliverAsync(request, "first");
        var console = new Operator(database) { PublicUrl = app.Url };
        var id = (await console.RunAsync("inbox", "list")).All("id").Single();

        var drop = await console.RunAsync("inbox", "drop", id, "999", "-y");
        var show = await console.RunAsync("inbox", "show", "999");

        Assert.Equal((1, 1), (drop.ExitCode, show.ExitCode));
        Assert.Contains("There is no notification 999", drop.Error, StringComparison.Ordinal);
        Assert.Contains("websub inbox list", show.Error, StringComparison.Ordinal);
        Assert.Equal(id, (await console.RunAsync("inbox", "list")).All("id").Single());
    }
}
