using WebSub.Protocol;
using WebSub.Subscriber.Subscriptions;
using Xunit;

namespace WebSub.Subscriber.Tests.Subscriptions;

/// <summary>Which callback a hub is given.</summary>
public sealed class CallbackUrlsTests
{
    [Theory]
    [InlineData("https://me.example", "https://proxy.example/in?a=b", false, "/in")]
    [InlineData("https://me.example", "https://proxy.example/in/", false, "/in")]
    [InlineData("https://me.example", "https://proxy.example", false, "/")]
    [InlineData("https://me.example/base", "https://me.example/base/own/%7e", false, "/own/~")]
    [InlineData("https://me.example/base", "https://me.example/other", false, "/other")]
    [InlineData("https://me.example/base", "https://proxy.example/base/own", false, "/base/own")]
    [InlineData("https://me.example", "https://proxy.example/in", true, null)]
    [InlineData("https://me.example", null, false, null)]
    public void OwnPath_OfAUrlThatIsSentAsItIs_IsWhereTheAppAnswers(string publicUrl, string? own, bool append, string? expected)
    {
        var urls = new CallbackUrls(new() { PublicUrl = new(publicUrl) });

        Assert.Equal(expected, urls.OwnPath(new() { CallbackUrl = own, AppendPath = append }));
    }

    [Theory]
    [Trait("Ref", "BS-19")]
    [Trait("Req", "S7")]
    [InlineData("https://me.example", "/websub", null, true, "https://me.example/websub/news/k")]
    [InlineData("https://me.example/", "/websub", null, true, "https://me.example/websub/news/k")]
    [InlineData("http://me.example:8080/base", "/websub", null, true, "http://me.example:8080/base/websub/news/k")]
    [InlineData("https://me.example", "/hooks/of/hubs/", null, true, "https://me.example/hooks/of/hubs/news/k")]
    [InlineData("https://me.example", "/", null, true, "https://me.example/news/k")]
    [InlineData("https://me.example", "/websub", null, false, "https://me.example/websub/news/k")]
    [InlineData("https://me.example", "/websub", "https://proxy.example/in", false, "https://proxy.example/in")]
    [InlineData("https://me.example", "/hooks", "https://proxy.example/in/", false, "https://proxy.example/in/")]
    [InlineData("https://me.example", "/websub", "https://proxy.example/in", true, "https://proxy.example/in/websub/news/k")]
    [InlineData("https://me.example", "/hooks", "https://proxy.example/in/", true, "https://proxy.example/in/hooks/news/k")]
    [InlineData("https://me.example", "/websub", "https://proxy.example", true, "https://proxy.example/websub/news/k")]
    [InlineData(
        "https://me.example",
        "/websub",
        "https://proxy.example/in?to=a/b&c=%7e",
        true,
        "https://proxy.example/in/websub/news/k?to=a/b&c=%7e"
    )]
    [InlineData("https://me.example", "/websub", "https://proxy.example/in?to=a/", false, "https://proxy.example/in?to=a/")]
    public void For_Settings_MakeTheUrl(string publicUrl, string prefix, string? own, bool append, string expected)
    {
        var urls = new CallbackUrls(new() { PublicUrl = new(publicUrl), CallbackPrefix = prefix });
        var now = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        var subscription = new Subscription
        {
            Id = Guid.NewGuid(),
            Handler = "news",
            Target = WebSubTarget.Topic("t"),
            Options = new() { CallbackUrl = own, AppendPath = append },
            CreatedAt = now,
            ChangedAt = now,
            Pending = new()
            {
                Id = Guid.NewGuid(),
                Mode = HubModes.Subscribe,
                Due = now,
            },
        };

        Assert.Equal(expected, urls.For(subscription, "k"));
    }
}
