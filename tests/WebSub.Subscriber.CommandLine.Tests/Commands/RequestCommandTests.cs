using WebSub.Subscriber.Tests.EndToEnd;
using WebSub.Testing;

namespace WebSub.Subscriber.CommandLine.Tests.Commands;

/// <summary>Commands that have hubs asked, beside a running app and without one. On both databases.</summary>
public abstract class RequestCommandTests
{
    private const string Topic = "https://news.example/feed";

    protected abstract Task<string> CreateDatabaseAsync();

    [Fact]
    public async Task Subscribe_WaitBesideARunningApp_ShowsThatTheHubVerified()
    {
        var database = await CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(database: database);
        var console = new Operator(database) { PublicUrl = app.Url };

        var running = console.RunAsync("subscribe", "--topic", Topic, "--hub", hub.Url, "--lease", "5000", "--wait");
        var request = await hub.NextRequestAsync(TestContext.Current.CancellationToken);
        await hub.VerifyAsync(request);
        var result = await running;

        Assert.Equal((0, "subscribed", "active"), (result.ExitCode, result.All("action").Single(), result.All("state").Single()));
        Assert.Equal("5000", request.LeaseSeconds);
        Assert.Equal(WebSubSubscriptionState.Active, Assert.Single(await app.ListAsync()).State);
    }

    [Fact]
    public async Task Subscribe_WaitAndTheHubRefuses_FailsWithTheReason()
    {
        var database = await CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        hub.Answer = FakeHubAnswer.Error(403);
        await using var app = await SubscriberApp.StartAsync(database: database);
        var console = new Operator(database) { PublicUrl = app.Url };

        var result = await console.RunAsync("subscribe", "--topic", Topic, "--hub", hub.Url, "--wait");

        Assert.Equal((1, "failed"), (result.ExitCode, result.All("state").Single()));
        Assert.Contains("403", result.All("reason").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscribe_WaitWithoutARunningApp_SaysSoAndKeepsTheRow()
    {
        var console = new Operator(await CreateDatabaseAsync());

        var result = await console.RunAsync("subscribe", "--topic", Topic, "--hub", Operator.Hub, "--wait");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no running instance", result.Error, StringComparison.Ordinal);
        Assert.Equal(WebSubSubscriptionState.Pending, Assert.Single(await console.StoredAsync()).State);
    }

    [Fact]
    public async Task Hubs_OfActiveSubscriptions_AreShownOnceEach_AndWithoutAnyASentence()
    {
        var console = new Operator(await CreateDatabaseAsync());
        var none = await console.RunAsync("hubs");
        await console.SeedAsync(Operator.Active(), Operator.Active("https://other.example/"), Operator.Ask("https://third.example/"));

        var lines = await console.RunAsync("hubs");
        var table = await console.RunAsync(["hubs"], "", isTerminal: true);

        Assert.Equal((0, "note: no active subscriptions."), (none.ExitCode, none.Error.Trim()));
        Assert.Equal((0, Operator.Hub, "delivering"), (lines.ExitCode, lines.All("hub").Single(), lines.All("state").Single()));
        Assert.Equal("2", lines.All("subscriptions").Single());
        Assert.Contains("Delivering", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Ref", "WS-2")]
    public async Task Unsubscribe_WaitBesideARunningApp_EndsAtTheHub()
    {
        var database = await CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(database: database);
        var (subscription, first) = await app.SubscribeAsync(hub, Topic);
        var console = new Operator(database) { PublicUrl = app.Url };

        var running = console.RunAsync("unsubscribe", subscription.Id.ToString()[..8], "--wait");
        var request = await hub.NextRequestAsync(TestContext.Current.CancellationToken);
        await hub.VerifyAsync(request);
        var result = await running;

        Assert.Equal(("unsubscribe", first.Callback), (request.Mode, request.Callback));
        Assert.Equal((0, "unsubscribed"), (result.ExitCode, result.All("state").Single()));
    }

    [Fact]
    public async Task Renew_ByName_AsksTheHubOfTheRunningApp()
    {
        var database = await CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(database: database);
        var (_, first) = await app.SubscribeAsync(hub, Topic);
        var console = new Operator(database) { PublicUrl = app.Url };

        var result = await console.RunAsync("renew", Topic);
        var request = await hub.NextRequestAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, "renewed"), (result.ExitCode, result.All("action").Single()));
        Assert.Equal(("subscribe", first.Callback), (request.Mode, request.Callback));
    }

    [Fact]
    [Trait("Ref", "WS-9")]
    public async Task Renew_AllWithinADay_IsOnlyTheActiveOneThatEndsInThreeHours()
    {
        var console = new Operator(await CreateDatabaseAsync());
        var soon = Operator.Active("soon", lease: TimeSpan.FromHours(3));
        await console.SeedAsync(
            soon,
            Operator.Active("later", lease: TimeSpan.FromDays(3)),
            Operator.Over(WebSubSubscriptionState.Unsubscribed, "ended"),
            Operator.Ask("unverified")
        );

        var result = await console.RunAsync("renew", "--all", "--within", "86400");

        Assert.Equal(soon.Id.ToString(), Assert.Single(result.All("id")));
        var stored = await console.StoredAsync();
        Assert.Equal(4, stored.Count);
        Assert.NotNull(stored.Single(s => s.Id == soon.Id).Pending);
        Assert.Null(stored.Single(s => s.Target.TopicName == "later").Pending);
    }

    [Fact]
    public async Task Retry_AfterAFailure_AsksAtOnceBesideTheRunningApp()
    {
        var database = await CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        hub.Enqueue(FakeHubAnswer.Error(503, retryAfterSeconds: 3000));
        await using var app = await SubscriberApp.StartAsync(database: database);
        await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news", null, TestContext.Current.CancellationToken);
        await app.NextAsync(WebSubChangeKind.AttemptFailed);
        await hub.NextRequestAsync(TestContext.Current.CancellationToken);
        var console = new Operator(database) { PublicUrl = app.Url };

        var running = console.RunAsync("retry", "--wait");
        await hub.VerifyAsync(await hub.NextRequestAsync(TestContext.Current.CancellationToken));
        var result = await running;

        Assert.Equal((0, "active"), (result.ExitCode, result.All("state").Single()));
    }

    [Fact]
    public async Task Retry_UsedUp_IsLeftAloneAndTheCommandThatHelpsIsNamed()
    {
        var console = new Operator(await CreateDatabaseAsync());
        var (failing, failed) = (Operator.Failing("failing"), Operator.Over(WebSubSubscriptionState.Failed, "failed"));
        await console.SeedAsync(failing, failed);

        var result = await console.RunAsync("retry");

        Assert.Equal(failing.Id.ToString(), Assert.Single(result.All("id")));
        Assert.Contains("websub reset-counters", result.Error, StringComparison.Ordinal);
        var pending = (await console.StoredAsync(failing.Id)).Pending!;
        Assert.Equal(3, pending.HubErrorAttempts);
        Assert.True(pending.Due <= TimeProvider.System.GetUtcNow());
        Assert.Equal(WebSubSubscriptionState.Failed, (await console.StoredAsync(failed.Id)).State);
    }

    [Theory]
    [InlineData("retry")]
    [InlineData("reset-counters")]
    public async Task UsedUp_Named_StartsOverAndTheOthersStay(string command)
    {
        var console = new Operator(await CreateDatabaseAsync());
        var (failed, other) = (Operator.Over(WebSubSubscriptionState.Failed, "one"), Operator.Over(WebSubSubscriptionState.Failed, "two"));
        await console.SeedAsync(failed, other);

        var result = await console.RunAsync(command, "one");

        Assert.Equal((0, failed.Id.ToString()), (result.ExitCode, Assert.Single(result.All("id"))));
        Assert.Equal(0, (await console.StoredAsync(failed.Id)).Pending!.FailedAttempts);
        Assert.Equal(WebSubSubscriptionState.Failed, (await console.StoredAsync(other.Id)).State);
    }

    [Fact]
    [Trait("Ref", "WS-11")]
    public async Task ResetCounters_All_StartFromZeroAndWhatWasGivenUpIsAskedFor()
    {
        var console = new Operator(await CreateDatabaseAsync());
        var (failing, failed) = (Operator.Failing("failing"), Operator.Over(WebSubSubscriptionState.Failed, "failed"));
        var active = Operator.Active("active");
        await console.SeedAsync(failing, failed, active);

        var result = await console.RunAsync("reset-counters");

        Assert.Equal(new[] { failing.Id.ToString(), failed.Id.ToString() }.Order(), result.All("id").Order());
        Assert.Equal(0, (await console.StoredAsync(failing.Id)).Pending!.FailedAttempts);
        Assert.Equal(WebSubSubscriptionState.Pending, (await console.StoredAsync(failed.Id)).State);
        Assert.Null((await console.StoredAsync(active.Id)).Pending);
    }

    [Fact]
    public async Task UnknownOrAmbiguousNames_AreRefusedBeforeAnythingIsChanged()
    {
        var console = new Operator(await CreateDatabaseAsync());
        var (one, other) = (Operator.Active("one"), Operator.Active("other"));
        await console.SeedAsync(one, other);

        var unknown = await console.RunAsync("renew", one.Id.ToString(), Guid.Empty.ToString());
        var ambiguous = await console.RunAsync("unsubscribe", "news");
        var noHandler = await console.RunAsync("subscribe", "--topic", "t", "--handler", "olds");

        Assert.Equal((1, 1, 1), (unknown.ExitCode, ambiguous.ExitCode, noHandler.ExitCode));
        Assert.Contains("There is no subscription 00000000-0000", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("\"news\" is the name of 2 subscriptions", ambiguous.Error, StringComparison.Ordinal);
        Assert.Contains("known are news", noHandler.Error, StringComparison.Ordinal);
        Assert.All(await console.StoredAsync(), s => Assert.Null(s.Pending));
    }

    [Fact]
    public async Task ListAndShow_OnATerminal_AreTablesWithoutControlCharacters()
    {
        var console = new Operator(await CreateDatabaseAsync());
        var one = Operator.Active("bad\u001b[2Jtopic");
        await console.SeedAsync(one);

        var list = await console.RunAsync(["list"], "", isTerminal: true);
        var show = await console.RunAsync(["show", "news"], "", isTerminal: true);

        Assert.Contains("State", list.Output, StringComparison.Ordinal);
        Assert.Contains(one.Active!.CallbackKey, show.Output.ReplaceLineEndings(""), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', show.Output.Replace("\u001b[0m", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_OnATerminal_HasALongReasonInOnePieceBelowTheTable()
    {
        const string Reason = "The hub has no room for more subscribers";
        var console = new Operator(await CreateDatabaseAsync());
        await console.SeedAsync(Operator.Active(), Operator.Over(WebSubSubscriptionState.Denied, "other") with { Reason = Reason + "." });

        var list = await console.RunAsync(["list"], "", isTerminal: true);

        Assert.Contains(Reason, list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" Reason", list.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_Elsewhere_IsJsonWithoutCallbacks()
    {
        var console = new Operator(await CreateDatabaseAsync());
        var one = Operator.Active();
        await console.SeedAsync(one, Operator.Over(WebSubSubscriptionState.Denied, "other"));

        var list = await console.RunAsync("list", "--state", "Active");

        Assert.Equal(one.Id.ToString(), Assert.Single(list.All("id")));
        Assert.DoesNotContain(one.Active!.CallbackKey, list.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("renew")]
    [InlineData("renew", "--all", "news")]
    [InlineData("subscribe")]
    [InlineData("subscribe", "https://a.example/", "--hub", "https://hub.example/")]
    [InlineData("purge")]
    [InlineData("purge", "--everything")]
    [InlineData("fix-urls", "--handler", "news")]
    [InlineData("retry", "--timeout", "0")]
    [InlineData("inbox", "drop")]
    [InlineData("list", "--state", "9")]
    [InlineData("inbox", "list", "--state", "active")]
    [InlineData("frob")]
    public async Task BadUsage_IsASentenceAndExitCode2(params string[] args)
    {
        var console = new Operator(TestFilesOf());

        var result = await console.RunAsync(args);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Matches("^websub: .*See websub.* --help.\n$", result.Error.ReplaceLineEndings("\n"));
    }

    private static string TestFilesOf() => Subscriber.Tests.TestFiles.NewDatabase();
}
