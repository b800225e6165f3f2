using WebSub.Subscriber.Subscriptions;
using WebSub.Subscriber.Tests.EndToEnd;
using WebSub.Testing;

namespace WebSub.Subscriber.CommandLine.Tests.Commands;

/// <summary>
/// <c>websub purge</c> with its choices, as websubsub's <c>websub_purge_all</c> and <c>websub_purge_unresolvable</c> have them. On both
/// databases.
/// </summary>
public abstract class PurgeCommandTests
{
    protected abstract Task<string> CreateDatabaseAsync();

    [Theory]
    [InlineData("--unresolvable", "gone")]
    [InlineData("--orphans", "orphan")]
    [InlineData("--ended", "ended")]
    [InlineData("--unresolvable --ended", "gone ended")]
    [InlineData("--orphans --unresolvable", "gone orphan")]
    [InlineData("--all", "active gone orphan ended declared")]
    public async Task Purge_Yes_ForgetsWhatWasChosen(string flags, string expected)
    {
        var console = new Operator(await CreateDatabaseAsync()) { Declared = [Operator.Declaration("declared")] };
        await console.SeedAsync(All());

        var result = await console.RunAsync(["purge", "-y", .. flags.Split(' ')]);

        var left = (await console.StoredAsync()).Select(s => s.Target.TopicName!);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(expected.Split(' ').Order(), new[] { "active", "gone", "orphan", "ended", "declared" }.Except(left).Order());
        Assert.Equal(expected.Split(' ').Length, result.All("action").Count(a => a == "toDelete"));
    }

    [Theory]
    [InlineData("n")]
    [InlineData("")]
    public async Task Purge_NotAgreed_ShowsAndDeletesNothing(string answer)
    {
        var console = new Operator(await CreateDatabaseAsync());
        await console.SeedAsync(All());

        var result = await console.RunAsync(["purge", "--all"], answer, isTerminal: false);

        Assert.Equal((1, 5), (result.ExitCode, result.Lines.Count));
        Assert.Contains("nothing was deleted; -y", result.Error, StringComparison.Ordinal);
        Assert.Equal(5, (await console.StoredAsync()).Count);
    }

    [Fact]
    public async Task Purge_UnsubscribeBesideARunningApp_EndsAtTheHubFirst()
    {
        var database = await CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(database: database);
        await app.SubscribeAsync(hub);
        var console = new Operator(database) { PublicUrl = app.Url };

        var running = console.RunAsync("purge", "--all", "--unsubscribe", "-y");
        var request = await hub.NextRequestAsync(TestContext.Current.CancellationToken);
        Assert.Single(await app.ListAsync());
        await hub.VerifyAsync(request);
        var result = await running;

        Assert.Equal((0, "unsubscribe"), (result.ExitCode, request.Mode));
        Assert.Empty(await app.ListAsync());
    }

    [Fact]
    public async Task Purge_UnsubscribeAndTheHubDoesNotAnswer_KeepsTheRowAndSaysSo()
    {
        var database = await CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(database: database);
        var (subscription, _) = await app.SubscribeAsync(hub);
        var console = new Operator(database) { PublicUrl = app.Url };

        var result = await console.RunAsync("purge", "--all", "--unsubscribe", "-y", "--timeout", "1");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("websub purge --ended", result.Error, StringComparison.Ordinal);
        Assert.Equal(WebSubSubscriptionState.Unsubscribing, (await app.GetAsync(subscription.Id)).State);
    }

    [Fact]
    public async Task Purge_UnsubscribeWithoutARunningApp_ChangesNothing()
    {
        var console = new Operator(await CreateDatabaseAsync());
        await console.SeedAsync(All());

        var result = await console.RunAsync("purge", "--all", "--unsubscribe", "-y");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Nothing was changed", result.Error, StringComparison.Ordinal);
        Assert.Equal(5, (await console.StoredAsync()).Count);
        Assert.DoesNotContain(await console.StoredAsync(), s => s.State == WebSubSubscriptionState.Unsubscribing);
    }

    private static Subscription[] All() =>
        [
            Operator.Active("active"),
            Operator.Active("gone", "olds"),
            Operator.Active("orphan") with
            {
                Declared = Operator.DeclaredText,
            },
            Operator.Over(WebSubSubscriptionState.Unsubscribed, "ended"),
            Operator.Over(WebSubSubscriptionState.Unsubscribed, "declared") with
            {
                Declared = Operator.DeclaredText,
            },
        ];
}
