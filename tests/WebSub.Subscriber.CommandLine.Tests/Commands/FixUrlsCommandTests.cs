using Microsoft.Extensions.DependencyInjection;
using WebSub.Storage;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;
using WebSub.Subscriber.Tests.EndToEnd;
using WebSub.Testing;

namespace WebSub.Subscriber.CommandLine.Tests.Commands;

/// <summary><c>websub fix-urls</c>, in place of websubsub's <c>websub_handle_url_changes</c>. On both databases.</summary>
public abstract class FixUrlsCommandTests
{
    protected abstract Task<string> CreateDatabaseAsync();

    [Theory]
    [InlineData("https://new.example", "/websub", "the public URL has changed")]
    [InlineData("https://app.example", "/hooks", "the callback prefix has changed")]
    public async Task FixUrls_Changed_SaysWhatAndAsksForTheNewUrlEvenWithAutofixOff(string publicUrl, string prefix, string why)
    {
        var console = new Operator(await CreateDatabaseAsync())
        {
            PublicUrl = publicUrl,
            Settings = [("WebSub:Subscriber:CallbackPrefix", prefix), ("WebSub:Subscriber:AutofixUrls", "false")],
        };
        var moved = Operator.Active();
        await console.SeedAsync(moved);

        var result = await console.RunAsync("fix-urls", "-y");
        var again = await console.RunAsync("fix-urls", "-y");

        Assert.Equal((0, why), (result.ExitCode, Assert.Single(result.All("why"))));
        Assert.StartsWith(
            $"{publicUrl}{prefix}/news/",
            (await console.StoredAsync(moved.Id)).Pending!.CallbackUrl,
            StringComparison.Ordinal
        );
        Assert.Contains("all callback URLs fit", again.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("n")]
    [InlineData("")]
    public async Task FixUrls_NotAgreed_ChangesNothing(string answer)
    {
        var console = new Operator(await CreateDatabaseAsync()) { PublicUrl = "https://new.example" };
        await console.SeedAsync(Operator.Active());

        var result = await console.RunAsync(["fix-urls"], answer, isTerminal: false);

        Assert.Contains("toFix", result.All("action"));
        Assert.Null(Assert.Single(await console.StoredAsync()).Pending);
    }

    [Fact]
    public async Task FixUrls_RenamedHandler_MovesWithItsWaitingNotifications()
    {
        var console = new Operator(await CreateDatabaseAsync()) { Handlers = ["articles", "press"] };
        var dynamic = Operator.Active("one", "article");
        var ended = Operator.Over(WebSubSubscriptionState.Failed, "two") with { Handler = "article" };
        await console.SeedAsync(dynamic, ended, Operator.Active("three", "press"));
        await AddNotificationAsync(console, dynamic.Id, "1");

        var result = await console.RunAsync(["fix-urls"], "y\n", isTerminal: false);

        var stored = await console.StoredAsync(dynamic.Id);
        Assert.Equal((0, "articles", "articles"), (result.ExitCode, stored.Handler, (await console.StoredAsync(ended.Id)).Handler));
        Assert.StartsWith("https://app.example/websub/articles/", stored.Pending!.CallbackUrl, StringComparison.Ordinal);
        Assert.Null((await console.StoredAsync(ended.Id)).Pending);
        var inbox = await console.RunAsync("inbox", "list", "--subscription", dynamic.Id.ToString());
        Assert.Equal("waiting", Assert.Single(inbox.All("state")));
    }

    [Fact]
    public async Task FixUrls_TheNewNameHasTheTargetAlready_TakesTheNotificationsAndEndsTheOldOne()
    {
        var console = new Operator(await CreateDatabaseAsync()) { Handlers = ["press"] };
        var (old, current) = (Operator.Active("one", "articles"), Operator.Active("one", "press"));
        await console.SeedAsync(old, current);
        await AddNotificationAsync(console, old.Id, "1");
        await AddNotificationAsync(console, old.Id, "2");
        await AddNotificationAsync(console, current.Id, "2");

        var result = await console.RunAsync("fix-urls", "--handler", "articles=press", "-y");

        Assert.Equal((0, current.Id.ToString()), (result.ExitCode, Assert.Single(result.All("into"))));
        Assert.Equal(WebSubSubscriptionState.Unsubscribing, (await console.StoredAsync(old.Id)).State);
        var inbox = await console.RunAsync("inbox", "list", "--subscription", current.Id.ToString());
        Assert.Equal(["1", "2"], inbox.All("deliveryId").Order());
        Assert.Single(inbox.All("nextAttemptAt"));
    }

    [Fact]
    public async Task FixUrls_NoGuess_NamesTheWaysOut()
    {
        var console = new Operator(await CreateDatabaseAsync()) { Handlers = ["press", "mail"] };
        await console.SeedAsync(Operator.Active("one", "weather"));

        var result = await console.RunAsync("fix-urls", "-y");
        var unknown = await console.RunAsync("fix-urls", "-y", "--handler", "weather=rain");
        var unused = await console.RunAsync("fix-urls", "-y", "--handler", "sun=press");

        Assert.Equal((1, 1, 1), (result.ExitCode, unknown.ExitCode, unused.ExitCode));
        Assert.Contains("--handler weather=NAME", result.Error, StringComparison.Ordinal);
        Assert.Contains("websub purge --unresolvable", result.Error, StringComparison.Ordinal);
        Assert.Contains("this app has press, mail", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("there are some for weather", unused.Error, StringComparison.Ordinal);
        Assert.Equal("weather", Assert.Single(await console.StoredAsync()).Handler);
    }

    [Theory]
    [InlineData("y", false)]
    [InlineData("n", true)]
    public async Task FixUrls_Orphan_IsOfferedToBeForgotten(string answer, bool stays)
    {
        var console = new Operator(await CreateDatabaseAsync());
        await console.SeedAsync(Operator.Active() with { Declared = Operator.DeclaredText });

        await console.RunAsync(["fix-urls", "-y"], answer, isTerminal: false);
        var afterYes = (await console.StoredAsync()).Count;
        await console.RunAsync(["fix-urls"], answer, isTerminal: false);

        Assert.Equal((1, stays ? 1 : 0), (afterYes, (await console.StoredAsync()).Count));
    }

    [Fact]
    public async Task FixUrls_BesideARunningAppWithAutofixOff_TheHubGetsTheNewUrlAndTheOldOneStillAnswers()
    {
        var database = await CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        (string, string) off = ("WebSub:Subscriber:AutofixUrls", "false");
        FakeHubRequest first;
        await using (var before = await SubscriberApp.StartAsync(database: database, settings: off))
            (_, first) = await before.SubscribeAsync(hub);
        await using var app = await SubscriberApp.StartAsync(database: database, settings: off);
        var console = new Operator(database) { PublicUrl = app.Url, Settings = [off] };

        var result = await console.RunAsync("fix-urls", "-y");
        var request = await hub.NextRequestAsync(TestContext.Current.CancellationToken);
        await hub.VerifyAsync(request);
        await app.NextAsync(WebSubChangeKind.Renewed);

        Assert.Equal("fixed", result.All("action").Last());
        Assert.StartsWith(app.Url, request.Callback, StringComparison.Ordinal);
        var oldPath = first.Callback[first.Callback.IndexOf("/websub/", StringComparison.Ordinal)..];
        Assert.Equal(200, (await hub.DeliverAsync(Redirected.To(first, app.Url + oldPath), "news")).Status);
    }

    private static Task AddNotificationAsync(Operator console, Guid subscription, string delivery) =>
        console.WithAsync(services =>
            services
                .GetRequiredService<InboxArrivals>()
                .AddFoundAsync(
                    new()
                    {
                        SubscriptionId = subscription.ToString("D"),
                        Topic = "one",
                        DeliveryId = delivery,
                        BodyHash = "hash",
                        Body = [1],
                        ReceivedAt = DatabaseTime.From(TimeProvider.System.GetUtcNow()),
                    },
                    RepeatRule.Of(new()),
                    TestContext.Current.CancellationToken
                )
        );
}
