using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.CommandLine.Tests.Commands;

/// <summary>
/// <c>websub sync</c> with each combination of its flags, as websubsub's <c>websub_static_subscribe</c> has it. On both databases.
/// </summary>
public abstract class SyncCommandTests
{
    protected abstract Task<string> CreateDatabaseAsync();

    [Fact]
    [Trait("Ref", "WS-10")]
    public async Task Sync_Missing_IsCreatedAndRequestedOnce()
    {
        var console = new Operator(await CreateDatabaseAsync()) { Declared = [Operator.Declaration()] };

        var first = await console.RunAsync("sync");
        var second = await console.RunAsync("sync");

        Assert.Equal("created", Assert.Single(first.All("action")));
        Assert.Equal(0, second.ExitCode);
        var stored = Assert.Single(await console.StoredAsync());
        Assert.Equal((WebSubSubscriptionState.Pending, Operator.DeclaredText), (stored.State, stored.Declared));
        Assert.True(stored.Pending!.IsSubscribe);
    }

    [Fact]
    [Trait("Ref", "WS-11")]
    public async Task Sync_DynamicWithAnOutdatedUrlAndResetCounters_IsOneRowDeclaredWithTheNewUrl()
    {
        var console = new Operator(await CreateDatabaseAsync()) { Declared = [Operator.Declaration()], PublicUrl = "https://new.example" };
        var dynamic = Operator.Active();
        await console.SeedAsync(dynamic);

        var result = await console.RunAsync("sync", "--reset-counters");

        Assert.Equal("requested", Assert.Single(result.All("action")));
        var stored = Assert.Single(await console.StoredAsync());
        Assert.Equal((dynamic.Id, Operator.DeclaredText, 0), (stored.Id, stored.Declared, stored.Pending!.FailedAttempts));
        Assert.StartsWith("https://new.example/websub/news/", stored.Pending.CallbackUrl, StringComparison.Ordinal);
        Assert.Equal(dynamic.Active!.CallbackUrl, stored.Active!.CallbackUrl);
    }

    [Theory]
    [InlineData(WebSubSubscriptionState.Active, "", "kept")]
    [InlineData(WebSubSubscriptionState.Active, "--reset-counters", "kept")]
    [InlineData(WebSubSubscriptionState.Active, "--force", "requested")]
    [InlineData(WebSubSubscriptionState.Active, "--force --reset-counters", "requested")]
    [InlineData(WebSubSubscriptionState.Unsubscribed, "", "leftUnsubscribed")]
    [InlineData(WebSubSubscriptionState.Unsubscribed, "--reset-counters", "leftUnsubscribed")]
    [InlineData(WebSubSubscriptionState.Unsubscribed, "--force", "requested")]
    [InlineData(WebSubSubscriptionState.Unsubscribed, "--force --reset-counters", "requested")]
    [InlineData(WebSubSubscriptionState.Denied, "", "requested")]
    [InlineData(WebSubSubscriptionState.Denied, "--force", "requested")]
    [InlineData(WebSubSubscriptionState.Failed, "", "requested")]
    [InlineData(WebSubSubscriptionState.Failed, "--reset-counters", "requested")]
    public async Task Sync_Existing_IsTreatedAsTheFlagsSay(WebSubSubscriptionState state, string flags, string action)
    {
        var console = new Operator(await CreateDatabaseAsync()) { Declared = [Operator.Declaration()] };
        var existing = state == WebSubSubscriptionState.Active ? Operator.Active() : Operator.Over(state);
        await console.SeedAsync(existing);

        var result = await console.RunAsync(["sync", .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal((0, action), (result.ExitCode, Assert.Single(result.All("action"))));
        var stored = await console.StoredAsync(existing.Id);
        Assert.Equal(action == "requested", stored.Pending is { IsSubscribe: true });
        Assert.Equal(Operator.DeclaredText, stored.Declared);
        Assert.Equal(action == "leftUnsubscribed", result.Error.Contains("--force", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("--reset-counters", 0)]
    [InlineData("--force", 0)]
    [InlineData("--force --reset-counters", 0)]
    public async Task Sync_Failing_IsAskedForAndItsAttemptsCountUnlessReset(string flags, int attempts)
    {
        var console = new Operator(await CreateDatabaseAsync()) { Declared = [Operator.Declaration()] };
        var failing = Operator.Failing();
        await console.SeedAsync(failing);

        var result = await console.RunAsync(["sync", .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        var pending = (await console.StoredAsync(failing.Id)).Pending!;
        Assert.Equal(("requested", attempts), (Assert.Single(result.All("action")), pending.FailedAttempts));
        Assert.True(pending.Due <= TimeProvider.System.GetUtcNow());
    }

    [Theory]
    [InlineData("", "kept")]
    [InlineData("--reset-counters", "requested")]
    public async Task Sync_ActiveWhoseRenewalsWereGivenUp_IsAskedForOnceTheCountersAreReset(string flags, string action)
    {
        var console = new Operator(await CreateDatabaseAsync()) { Declared = [Operator.Declaration()] };
        var active = Operator.Active();
        await console.SeedAsync(active with { Active = active.Active! with { RenewAt = null } });

        var result = await console.RunAsync(["sync", .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(action, Assert.Single(result.All("action")));
        Assert.Equal(action == "requested", (await console.StoredAsync(active.Id)).Pending is { IsSubscribe: true });
    }

    [Theory]
    [InlineData("sync", "", true)]
    [InlineData("sync --purge-orphans", "n", true)]
    [InlineData("sync --purge-orphans", "", true)]
    [InlineData("sync --purge-orphans", "y", false)]
    [InlineData("sync --purge-orphans -y", "", false)]
    [InlineData("sync --purge-orphans --yes --force --reset-counters", "", false)]
    public async Task Sync_Orphan_IsForgottenOnlyAfterAYes(string command, string answer, bool stays)
    {
        var console = new Operator(await CreateDatabaseAsync()) { Declared = [Operator.Declaration("wanted")] };
        var orphan = Operator.Active("orphan") with { Declared = Operator.DeclaredText };
        var dynamic = Operator.Active("dynamic");
        await console.SeedAsync(orphan, dynamic, Operator.Active("wanted"));

        var result = await console.RunAsync(command.Split(' '), answer, isTerminal: false);

        var stored = await console.StoredAsync();
        Assert.Equal(stays, stored.Any(s => s.Id == orphan.Id));
        Assert.Contains(stored, s => s.Id == dynamic.Id);
        Assert.Equal(stays, result.Error.Contains("no longer declared; websub sync --purge-orphans", StringComparison.Ordinal));
        if (command.Contains("--purge", StringComparison.Ordinal))
            Assert.Contains("toDelete", result.All("action"));
    }

    [Fact]
    public async Task Sync_ChangedUrlWithAutofixOff_IsLeftAndFixUrlsIsNamed()
    {
        var console = new Operator(await CreateDatabaseAsync())
        {
            Declared = [Operator.Declaration()],
            PublicUrl = "https://new.example",
            Settings = [("WebSub:Subscriber:AutofixUrls", "false")],
        };
        await console.SeedAsync(Operator.Active());

        var result = await console.RunAsync("sync");

        Assert.Equal("leftMoved", Assert.Single(result.All("action")));
        Assert.Contains("websub fix-urls", result.Error, StringComparison.Ordinal);
        Assert.Null(Assert.Single(await console.StoredAsync()).Pending);
    }

    [Fact]
    public async Task Sync_OneHubWithAndWithoutSlash_IsReported()
    {
        var console = new Operator(await CreateDatabaseAsync());
        var other = Operator.Active("other");
        await console.SeedAsync(Operator.Active("one"), other with { Active = other.Active! with { Hub = Operator.Hub.TrimEnd('/') } });

        var result = await console.RunAsync("sync");

        Assert.Contains("is also used as https://hub.example/", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sync_NothingDeclared_SaysHowToDeclare()
    {
        var console = new Operator(await CreateDatabaseAsync());

        var result = await console.RunAsync("sync");

        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        Assert.Contains("AddSubscription", result.Error, StringComparison.Ordinal);
    }
}
