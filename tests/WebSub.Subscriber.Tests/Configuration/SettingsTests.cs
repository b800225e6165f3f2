using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace WebSub.Subscriber.Tests.Configuration;

public sealed class SettingsTests
{
    [Fact]
    public void Settings_AllGiven_AreRead()
    {
        var options = Read(
            ("WebSub:Subscriber:PublicUrl", "https://example.com/app"),
            ("WebSub:Subscriber:CallbackPrefix", "/hooks"),
            ("WebSub:Subscriber:DefaultHub", "https://hub.example/"),
            ("WebSub:Subscriber:LeaseSeconds", "3600"),
            ("WebSub:Subscriber:RenewAtFraction", "0.5"),
            ("WebSub:Subscriber:RenewalsPerHubPerSecond", "9"),
            ("WebSub:Subscriber:Retry:MaxConnectAttempts", "1"),
            ("WebSub:Subscriber:Retry:MaxHubErrorAttempts", "2"),
            ("WebSub:Subscriber:Retry:MaxVerifyAttempts", "3"),
            ("WebSub:Subscriber:Retry:DelaySeconds", "7,8"),
            ("WebSub:Subscriber:VerifyWaitSeconds", "5"),
            ("WebSub:Subscriber:MaxBodyBytes", "10"),
            ("WebSub:Subscriber:BadSignatureStatus", "202"),
            ("WebSub:Subscriber:UnsubscribeOnShutdown", "true"),
            ("WebSub:Subscriber:ShutdownSeconds", "1"),
            ("WebSub:Outbound:AllowPrivateNetworks", "true"),
            ("WebSub:Storage:Migrate", "false"),
            ("ConnectionStrings:WebSubSubscriber", "Data Source=x.db"),
            ("WebSub:Subscriber:Subscriptions:0:Handler", "news"),
            ("WebSub:Subscriber:Subscriptions:0:Resource", "https://blog.example/"),
            ("WebSub:Subscriber:Subscriptions:1:Handler", "news"),
            ("WebSub:Subscriber:Subscriptions:1:Hub", "https://hub.example/"),
            ("WebSub:Subscriber:Subscriptions:1:Topic", "t"),
            ("WebSub:Subscriber:Subscriptions:1:LeaseSeconds", "36000")
        );

        Assert.Equal(
            ("https://example.com/app", "/hooks", "https://hub.example/"),
            (options.PublicUrl!.OriginalString, options.CallbackPrefix, options.DefaultHub!.OriginalString)
        );
        Assert.Equal((3600, 0.5, 9), (options.LeaseSeconds, options.RenewAtFraction, options.RenewalsPerHubPerSecond));
        Assert.Equal((1, 2, 3), (options.Retry.MaxConnectAttempts, options.Retry.MaxHubErrorAttempts, options.Retry.MaxVerifyAttempts));
        Assert.Equal([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8)], options.Retry.Delays);
        Assert.Equal((TimeSpan.FromSeconds(5), 10, 202), (options.VerifyWait, options.MaxBodyBytes, options.BadSignatureStatus));
        Assert.Equal(
            (true, TimeSpan.FromSeconds(1), true, "Data Source=x.db"),
            (options.UnsubscribeOnShutdown, options.ShutdownTimeout, options.Outbound.AllowPrivateNetworks, options.ConnectionString)
        );
        Assert.False(options.Migrate);
        Assert.Equal(["https://blog.example/", "t at https://hub.example/"], options.Subscriptions.Select(s => s.Target.ToString()));
        Assert.Equal(36000, options.Subscriptions[1].Options!.LeaseSeconds);
    }

    [Fact]
    public void Settings_NoneGivenButTheUrl_HaveTheirDefaults()
    {
        var options = Read(("WebSub:Subscriber:PublicUrl", "https://example.com"));

        Assert.Equal(
            ("/websub", null, 0.75, 5),
            (options.CallbackPrefix, options.LeaseSeconds, options.RenewAtFraction, options.RenewalsPerHubPerSecond)
        );
        Assert.Equal((10, 10, 5), (options.Retry.MaxConnectAttempts, options.Retry.MaxHubErrorAttempts, options.Retry.MaxVerifyAttempts));
        Assert.Equal([10, 60, 300, 1800, 7200], options.Retry.Delays.Select(d => d.TotalSeconds));
        Assert.Equal(
            (60, 20, 4194304, 403),
            (options.VerifyWait.TotalSeconds, options.ShutdownTimeout.TotalSeconds, options.MaxBodyBytes, options.BadSignatureStatus)
        );
        Assert.Equal("Data Source=websub-subscriber.db", options.ConnectionString);
    }

    [Fact]
    public void Settings_Wrong_AreAllReportedInOneMessage()
    {
        var e = Assert.Throws<OptionsValidationException>(() =>
            Read(
                ("WebSub:Subscriber:PublicUrl", "example.com"),
                ("WebSub:Subscriber:CallbackPrefix", "hooks"),
                ("WebSub:Subscriber:LeaseSeconds", "long"),
                ("WebSub:Subscriber:RenewAtFraction", "2"),
                ("WebSub:Subscriber:Retry:DelaySeconds", "10,soon"),
                ("WebSub:Outbound:AllowPrivateNetworks", "perhaps"),
                ("WebSub:Storage:Provider", "Oracle"),
                ("WebSub:Subscriber:Subscriptions:0:Handler", "news"),
                ("WebSub:Subscriber:Subscriptions:1:Handler", "nobody"),
                ("WebSub:Subscriber:Subscriptions:1:Topic", "t"),
                ("WebSub:Subscriber:Subscriptions:2:Handler", "news"),
                ("WebSub:Subscriber:Subscriptions:2:Resource", "localhost:5090/feed"),
                ("WebSub:Subscriber:Subscriptions:2:HttpClient", "partner")
            )
        );

        Assert.Equal(
            [
                "WebSub:Subscriber:PublicUrl is \"example.com\"; "
                    + "expected auto, or an absolute http or https URL without query and fragment.",
                "WebSub:Subscriber:CallbackPrefix is \"hooks\"; expected a path that begins with / and has no { } ? # * or space.",
                "WebSub:Subscriber:LeaseSeconds is \"long\"; expected a whole number of seconds from 1 to 2147483647.",
                "WebSub:Subscriber:RenewAtFraction is \"2\"; expected a number from 0.1 to 0.95.",
                "WebSub:Subscriber:Retry:DelaySeconds has \"soon\"; expected a list of seconds such as 5,30,120, each from 0 to 604800.",
                "WebSub:Subscriber:Subscriptions:0 has Handler \"news\", Resource \"\", Topic \"\"; "
                    + "expected a Handler with either a Resource, or a Topic and its Hub.",
                "WebSub:Storage:Provider is \"Oracle\"; expected one of Sqlite, PostgreSql.",
                "WebSub:Outbound:AllowPrivateNetworks is \"perhaps\"; expected true or false.",
                "The subscription to t names the handler \"nobody\"; expected one of those added with AddHandler: news.",
                "The subscription to t: The topic \"t\" has no hub. Name one, or set WebSub:Subscriber:DefaultHub.",
                "The subscription to localhost:5090/feed: The resource \"localhost:5090/feed\" must be an absolute http or https URL.",
                "The subscription to localhost:5090/feed: There is no HTTP client named \"partner\" for hubs. "
                    + "Add it with AddHubHttpClient(\"partner\").",
            ],
            e.Message.Split(Environment.NewLine)
        );
    }

    [Fact]
    public void Settings_WrongInCode_AreReportedLikeThoseInConfiguration()
    {
        var e = Assert.Throws<OptionsValidationException>(() =>
            Read(
                null,
                o =>
                {
                    o.PublicUrl = new("https://example.com/?x");
                    o.CallbackPrefix = "/hooks/{x}";
                    o.LeaseSeconds = 0;
                    o.Retry.Delays = [];
                    o.Inbox.Delays = [TimeSpan.FromSeconds(-1.5)];
                    o.VerifyWait = TimeSpan.FromDays(2);
                }
            )
        );

        Assert.Equal(
            [
                "WebSub:Subscriber:PublicUrl is \"https://example.com/?x\"; "
                    + "expected auto, or an absolute http or https URL without query and fragment.",
                "WebSub:Subscriber:CallbackPrefix is \"/hooks/{x}\"; expected a path that begins with / and has no { } ? # * or space.",
                "WebSub:Subscriber:LeaseSeconds is \"0\"; expected a whole number of seconds from 1 to 2147483647.",
                "WebSub:Subscriber:Retry:DelaySeconds is empty; expected a list of seconds such as 5,30,120, each from 0 to 604800.",
                "WebSub:Subscriber:VerifyWaitSeconds is \"172800\"; expected a number of seconds from 1 to 86400.",
                "WebSub:Subscriber:Inbox:DelaySeconds has \"-1.5\"; expected a list of seconds such as 5,30,120, each from 0 to 604800.",
            ],
            e.Message.Split(Environment.NewLine)
        );
    }

    [Fact]
    public void PublicUrl_Missing_IsExplained()
    {
        var e = Assert.Throws<OptionsValidationException>(() => Read());

        Assert.StartsWith("WebSub:Subscriber:PublicUrl is missing;", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_AfterSettings_Wins()
    {
        var options = Read(
            b => b.AddSubscription("https://a.example/", "news"),
            o => o.BadSignatureStatus = 401,
            ("WebSub:Subscriber:PublicUrl", "https://example.com"),
            ("WebSub:Subscriber:BadSignatureStatus", "202")
        );

        Assert.Equal(401, options.BadSignatureStatus);
        Assert.Equal("https://a.example/", Assert.Single(options.Subscriptions).Target.ResourceUrl);
    }

    [Fact]
    public void AddWebSubSubscriber_Twice_AddsItsServicesOnce()
    {
        var once = new ServiceCollection();
        once.AddWebSubSubscriber();
        var twice = new ServiceCollection();
        twice.AddWebSubSubscriber();

        twice.AddWebSubSubscriber();

        Assert.Equal(once.Count, twice.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("ä")]
    [InlineData(".")]
    [InlineData("a b")]
    public void AddHandler_NameThatIsNoPathSegment_IsRefused(string name)
    {
        var builder = new ServiceCollection().AddWebSubSubscriber();

        Assert.Throws<ArgumentException>(() => builder.AddHandler(name, (_, _) => Task.CompletedTask));
    }

    [Fact]
    public void AddHandler_SameNameTwice_StopsTheStart()
    {
        var e = Assert.Throws<OptionsValidationException>(() =>
            Read(b => b.AddHandler("news", (_, _) => Task.CompletedTask), null, ("WebSub:Subscriber:PublicUrl", "https://example.com"))
        );

        Assert.Equal("Two handlers are named \"news\"; names must be unique.", e.Message);
    }

    [Fact]
    public void AddHandler_ClassThatHandlesNothing_IsRefused()
    {
        var builder = new ServiceCollection().AddWebSubSubscriber();

        Assert.Throws<ArgumentException>(() => builder.AddHandler<SettingsTests>("news"));
    }

    private static WebSubSubscriberOptions Read(params (string Name, string Value)[] settings) => Read(null, null, settings);

    private static WebSubSubscriberOptions Read(
        Action<IWebSubSubscriberBuilder>? build,
        Action<WebSubSubscriberOptions>? configure,
        params (string Name, string Value)[] settings
    )
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build()
        );
        services.AddLogging();
        var builder = services.AddWebSubSubscriber(configure).AddHandler("news", (_, _) => Task.CompletedTask);
        build?.Invoke(builder);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<WebSubSubscriberOptions>>().Value;
    }
}
