using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebSub.Publishing;
using WebSub.Storage;

namespace WebSub.Publisher;

public sealed class PublisherOptionsTests
{
    [Theory]
    [InlineData("https://a.example/")]
    [InlineData("https://a.example/, https://b.example/hub?x=%7E")]
    public void Options_HubsInOneText_AreSplitAtCommas(string text)
    {
        var options = Read([new("WebSub:Publisher:Hubs", text)]);

        Assert.Equal(text.Split(", "), options.Hubs.Select(h => h.Url));
    }

    [Fact]
    public void Options_HubsAsArrayAndInCode_AreJoined()
    {
        var options = Read(
            [new("WebSub:Publisher:Hubs:0", "https://a.example/?x=1,2"), new("WebSub:Publisher:Hubs:1", "https://b.example/")],
            o => o.Hubs.Add("https://c.example/")
        );

        Assert.Equal(["https://a.example/?x=1,2", "https://b.example/", "https://c.example/"], options.Hubs.Select(h => h.Url));
    }

    [Fact]
    public void Options_FromTheEnvironment_AreRead()
    {
        Environment.SetEnvironmentVariable("WSPT_WebSub__Publisher__Hubs", "https://a.example/,https://b.example/");
        Environment.SetEnvironmentVariable("WSPT_WebSub__Publisher__TimeoutSeconds", "2.5");
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables("WSPT_").Build();

        var options = Read(configuration, null);

        Assert.Equal(["https://a.example/", "https://b.example/"], options.Hubs.Select(h => h.Url));
        Assert.Equal(TimeSpan.FromSeconds(2.5), options.Timeout);
    }

    [Fact]
    public void Options_Everything_IsRead()
    {
        var options = Read([
            new("WebSub:Publisher:Hubs", "https://a.example/"),
            new("WebSub:Publisher:PublicUrl", "https://blog.example/x"),
            new("WebSub:Publisher:ApiKey", "k"),
            new("WebSub:Publisher:PingForm", "url"),
            new("WebSub:Outbound:AllowPrivateNetworks", "true"),
        ]);

        Assert.Equal("https://blog.example/x", options.PublicUrl?.OriginalString);
        Assert.Equal(("k", PingForm.Url, true), (options.ApiKey, options.PingForm, options.Outbound.AllowPrivateNetworks));
    }

    [Fact]
    public void Options_HubsWithMoreToSay_AreRead()
    {
        var options = Read([
            new("WebSub:Publisher:Hubs:0", "https://a.example/"),
            new("WebSub:Publisher:Hubs:1:Url", "https://b.example/"),
            new("WebSub:Publisher:Hubs:1:ApiKey", "own"),
            new("WebSub:Publisher:Hubs:1:PingForm", "Topic"),
            new("WebSub:Publisher:Hubs:1:TakesContent", "true"),
            new("WebSub:Publisher:Hubs:1:Topics:0", "https://blog.example/news/*"),
            new("WebSub:Publisher:Hubs:1:Topics:1", "https://blog.example/feed"),
        ]);

        var hub = options.Hubs[1];
        Assert.Equal("https://a.example/", options.Hubs[0].Url);
        Assert.Equal(("https://b.example/", "own", PingForm.Topic, true), (hub.Url, hub.ApiKey, hub.PingForm, hub.TakesContent));
        Assert.True(hub.Serves("https://blog.example/news/1"));
        Assert.True(hub.Serves("https://blog.example/feed"));
        Assert.False(hub.Serves("https://blog.example/feed2"));
    }

    [Fact]
    public void Options_Numbers_AreRead()
    {
        var options = Read([
            new("WebSub:Publisher:Hubs", "https://a.example/"),
            new("WebSub:Publisher:RetrySeconds", "1,2"),
            new("WebSub:Publisher:GiveUpAfterSeconds", "60"),
            new("WebSub:Publisher:CoalesceSeconds", "0.5"),
            new("WebSub:Publisher:MessagesPerHubPerSecond", "7"),
            new("WebSub:Publisher:MaxConcurrencyPerHub", "8"),
            new("WebSub:Publisher:MaxContentBytes", "9"),
            new("WebSub:Publisher:PollSeconds", "3"),
            new("WebSub:Publisher:CheckAtStart", "false"),
            new("WebSub:Storage:Provider", "PostgreSql"),
            new("WebSub:Storage:Migrate", "false"),
            new("ConnectionStrings:WebSubPublisher", "postgres://h/d"),
        ]);

        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)], options.RetryDelays);
        Assert.Equal(
            (60, 0.5, 3),
            (options.GiveUpAfter.TotalSeconds, options.CoalesceInterval.TotalSeconds, options.PollInterval.TotalSeconds)
        );
        Assert.Equal(
            (7, 8, 9L, false, false),
            (options.MessagesPerHubPerSecond, options.MaxConcurrencyPerHub, options.MaxContentBytes, options.CheckAtStart, options.Migrate)
        );
        Assert.Equal((SqlDialect.PostgreSql, "postgres://h/d"), (options.StorageProvider, options.ConnectionString));
    }

    [Theory]
    [InlineData(
        "RetrySeconds",
        "1,x",
        "WebSub:Publisher:RetrySeconds has \"x\"; expected a list of seconds such as 5,30,120, each from 0 to 31536000."
    )]
    [InlineData(
        "RetrySeconds",
        ",",
        "WebSub:Publisher:RetrySeconds is empty; expected a list of seconds such as 5,30,120, each from 0 to 31536000."
    )]
    [InlineData(
        "GiveUpAfterSeconds",
        "-1",
        "WebSub:Publisher:GiveUpAfterSeconds is \"-1\"; expected a number of seconds from 0 to 31536000."
    )]
    [InlineData("CoalesceSeconds", "x", "WebSub:Publisher:CoalesceSeconds is \"x\"; expected a number of seconds from 0 to 86400.")]
    [InlineData(
        "MessagesPerHubPerSecond",
        "0",
        "WebSub:Publisher:MessagesPerHubPerSecond is \"0\"; expected a whole number from 1 to 10000."
    )]
    [InlineData("MaxConcurrencyPerHub", "0", "WebSub:Publisher:MaxConcurrencyPerHub is \"0\"; expected a whole number from 1 to 1000.")]
    [InlineData(
        "MaxContentBytes",
        "0",
        "WebSub:Publisher:MaxContentBytes is \"0\"; expected a whole number of bytes from 1 to 1073741824."
    )]
    [InlineData("PollSeconds", "0", "WebSub:Publisher:PollSeconds is \"0\"; expected a number of seconds from 0.1 to 3600.")]
    [InlineData("CheckAtStart", "often", "WebSub:Publisher:CheckAtStart is \"often\"; expected true or false.")]
    [InlineData("Hubs:1:Url", "b.example", "WebSub:Publisher:Hubs:1 has the URL \"b.example\"; expected an absolute http or https URL.")]
    [InlineData("Hubs:0:PingForm", "loud", "WebSub:Publisher:Hubs:0:PingForm is \"loud\"; expected one of Both, Topic, Url.")]
    public void Options_BadValue_IsNamed(string name, string value, string expected)
    {
        var failure = Assert.Throws<OptionsValidationException>(() =>
            Read([new("WebSub:Publisher:Hubs:0:Url", "https://a.example/"), new($"WebSub:Publisher:{name}", value)])
        );

        Assert.Equal(expected, failure.Message);
    }

    [Fact]
    public void Options_BadValuesInCode_AreNamed()
    {
        var failure = Assert.Throws<OptionsValidationException>(() =>
            Read(
                [],
                o =>
                {
                    o.Hubs.Add("https://a.example/");
                    o.Hubs.Add(new("https://a.example/") { ApiKey = "k" });
                    o.Hubs.Add(new("https://b.example/") { Topics = [""] });
                    o.RetryDelays = [TimeSpan.FromSeconds(-1)];
                    o.ConnectionString = " ";
                    o.MaxConcurrencyPerHub = 0;
                }
            )
        );

        Assert.Equal(
            [
                "WebSub:Publisher:Hubs has an empty topic at \"https://b.example/\"; expected a topic, or the start of one and *.",
                "WebSub:Publisher:Hubs has \"https://a.example/\" twice with different settings; expected each hub once.",
                "WebSub:Publisher:RetrySeconds has \"-1\"; expected a list of seconds such as 5,30,120, each from 0 to 31536000.",
                "WebSub:Publisher:MaxConcurrencyPerHub is \"0\"; expected a whole number from 1 to 1000.",
                "ConnectionStrings:WebSubPublisher is \" \"; expected a SQLite or PostgreSQL connection string, or a postgres:// address.",
            ],
            failure.Message.Split(Environment.NewLine)
        );
    }

    [Fact]
    public void Options_Nothing_NamesTheMissingHub()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Read([]));

        Assert.Equal("WebSub:Publisher:Hubs is empty; it must name at least one hub, for example https://hub.example/.", failure.Message);
    }

    [Fact]
    public void Options_SeveralFaults_AreReportedTogether()
    {
        var failure = Assert.Throws<OptionsValidationException>(() =>
            Read([
                new("WebSub:Publisher:Hubs", "hub.example"),
                new("WebSub:Publisher:PublicUrl", "https://blog.example/?x"),
                new("WebSub:Publisher:TimeoutSeconds", "soon"),
                new("WebSub:Publisher:PingForm", "7"),
                new("WebSub:Outbound:AllowPrivateNetworks", "perhaps"),
            ])
        );

        Assert.Equal(
            [
                "WebSub:Publisher:Hubs has \"hub.example\"; expected absolute http or https URLs.",
                "WebSub:Publisher:PublicUrl is \"https://blog.example/?x\"; "
                    + "expected an absolute http or https URL without query and fragment.",
                "WebSub:Publisher:PingForm is \"7\"; expected one of Both, Topic, Url.",
                "WebSub:Publisher:TimeoutSeconds is \"soon\"; expected a number of seconds from 0.1 to 600.",
                "WebSub:Outbound:AllowPrivateNetworks is \"perhaps\"; expected true or false.",
            ],
            failure.Message.Split(Environment.NewLine)
        );
    }

    [Fact]
    public async Task Start_BadSetting_StopsTheApp() =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => PublisherApp.StartAsync(_ => { }, o => o.Hubs.Add("nonsense")));

    [Fact]
    public async Task Add_Twice_IsHarmless()
    {
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(
                new ConfigurationBuilder().AddInMemoryCollection([new("WebSub:Publisher:Hubs", "https://a.example/")]).Build()
            )
            .AddLogging();

        await using var provider = services
            .AddWebSubPublisher(o => o.Hubs.Add("https://b.example/"))
            .Services.AddWebSubPublisher(o => o.Hubs.Add("https://c.example/"))
            .Services.BuildServiceProvider();

        Assert.Equal(
            ["https://a.example/", "https://b.example/", "https://c.example/"],
            provider.GetRequiredService<IOptions<WebSubPublisherOptions>>().Value.Hubs.Select(h => h.Url)
        );
        Assert.Single(provider.GetServices<IWebSubPublisher>());
    }

    private static WebSubPublisherOptions Read(
        KeyValuePair<string, string?>[] settings,
        Action<WebSubPublisherOptions>? configure = null
    ) => Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), configure);

    private static WebSubPublisherOptions Read(IConfiguration configuration, Action<WebSubPublisherOptions>? configure)
    {
        using var provider = new ServiceCollection()
            .AddSingleton(configuration)
            .AddWebSubPublisher(configure)
            .Services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<WebSubPublisherOptions>>().Value;
    }
}
