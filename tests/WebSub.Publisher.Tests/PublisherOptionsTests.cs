using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebSub.Publishing;

namespace WebSub.Publisher;

public sealed class PublisherOptionsTests
{
    [Theory]
    [InlineData("https://a.example/")]
    [InlineData("https://a.example/, https://b.example/hub?x=%7E")]
    public void Options_HubsInOneText_AreSplitAtCommas(string text)
    {
        var options = Read([new("WebSub:Publisher:Hubs", text)]);

        Assert.Equal(text.Split(", "), options.Hubs);
    }

    [Fact]
    public void Options_HubsAsArrayAndInCode_AreJoined()
    {
        var options = Read([new("WebSub:Publisher:Hubs:0", "https://a.example/?x=1,2"), new("WebSub:Publisher:Hubs:1", "https://b.example/")], o => o.Hubs.Add("https://c.example/"));

        Assert.Equal(["https://a.example/?x=1,2", "https://b.example/", "https://c.example/"], options.Hubs);
    }

    [Fact]
    public void Options_FromTheEnvironment_AreRead()
    {
        Environment.SetEnvironmentVariable("WSPT_WebSub__Publisher__Hubs", "https://a.example/,https://b.example/");
        Environment.SetEnvironmentVariable("WSPT_WebSub__Publisher__TimeoutSeconds", "2.5");
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables("WSPT_").Build();

        var options = Read(configuration, null);

        Assert.Equal(["https://a.example/", "https://b.example/"], options.Hubs);
        Assert.Equal(TimeSpan.FromSeconds(2.5), options.Timeout);
    }

    [Fact]
    public void Options_Everything_IsRead()
    {
        var options = Read(
        [
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
    public void Options_Nothing_NamesTheMissingHub()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Read([]));

        Assert.Equal("WebSub:Publisher:Hubs is empty; it must name at least one hub, for example https://hub.example/.", failure.Message);
    }

    [Fact]
    public void Options_SeveralFaults_AreReportedTogether()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Read(
        [
            new("WebSub:Publisher:Hubs", "hub.example"),
            new("WebSub:Publisher:PublicUrl", "https://blog.example/?x"),
            new("WebSub:Publisher:TimeoutSeconds", "soon"),
            new("WebSub:Publisher:PingForm", "7"),
            new("WebSub:Outbound:AllowPrivateNetworks", "perhaps"),
        ]));

        Assert.Equal(
            [
                "WebSub:Publisher:Hubs has \"hub.example\"; allowed is absolute http or https URLs.",
                "WebSub:Publisher:PingForm is \"7\"; allowed is one of Both, Topic, Url.",
                "WebSub:Publisher:TimeoutSeconds is \"soon\"; allowed is a number of seconds from 0.1 to 600.",
                "WebSub:Outbound:AllowPrivateNetworks is \"perhaps\"; allowed is true or false.",
                "WebSub:Publisher:PublicUrl is \"https://blog.example/?x\"; allowed is an absolute http or https URL without query and fragment.",
            ],
            failure.Message.Split(Environment.NewLine));
    }

    [Fact]
    public async Task Start_BadSetting_StopsTheApp() =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => PublisherApp.StartAsync(_ => { }, o => o.Hubs.Add("nonsense")));

    [Fact]
    public void Add_Twice_IsHarmless()
    {
        var services = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("WebSub:Publisher:Hubs", "https://a.example/")]).Build()).AddLogging();

        using var provider = services.AddWebSubPublisher(o => o.Hubs.Add("https://b.example/")).AddWebSubPublisher(o => o.Hubs.Add("https://c.example/")).BuildServiceProvider();

        Assert.Equal(["https://a.example/", "https://b.example/", "https://c.example/"], provider.GetRequiredService<IOptions<WebSubPublisherOptions>>().Value.Hubs);
        Assert.Single(provider.GetServices<IWebSubPublisher>());
    }

    private static WebSubPublisherOptions Read(KeyValuePair<string, string?>[] settings, Action<WebSubPublisherOptions>? configure = null) =>
        Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), configure);

    private static WebSubPublisherOptions Read(IConfiguration configuration, Action<WebSubPublisherOptions>? configure)
    {
        using var provider = new ServiceCollection().AddSingleton(configuration).AddWebSubPublisher(configure).BuildServiceProvider();
        return provider.GetRequiredService<IOptions<WebSubPublisherOptions>>().Value;
    }
}
