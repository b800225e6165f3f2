using System.Text;
using Microsoft.AspNetCore.Http;
using WebSub.Http;

namespace WebSub.Publishing;

[Trait("Req", "P2")]
public sealed class HubPublisherTests
{
    private const string Topic = "https://blog.example/feed?a=%7E&b=é c";
    private const string Encoded = "https%3A%2F%2Fblog.example%2Ffeed%3Fa%3D%257E%26b%3D%C3%A9%20c";

    [Theory]
    [Trait("Req", "X4")]
    [InlineData(PingForm.Both, $"hub.mode=publish&hub.topic={Encoded}&hub.url={Encoded}")]
    [InlineData(PingForm.Topic, $"hub.mode=publish&hub.topic={Encoded}")]
    [InlineData(PingForm.Url, $"hub.mode=publish&hub.url={Encoded}")]
    [Trait("Ref", "BH-12")]
    public async Task Ping_EachForm_NamesTheTopicExactly(PingForm form, string expected)
    {
        await using var hub = await HttpPeer.StartAsync(Answers.Status(204));
        var publisher = new HubPublisher(new HubClient(HttpPeer.Client)) { Form = form };

        var response = await publisher.PingAsync(hub.Url + "/hub?key=1", Topic);

        var request = hub.Requests.Single();
        Assert.True(response.IsAccepted);
        Assert.Equal(("POST", "/hub?key=1", expected), (request.Method, request.Target, request.Text));
        Assert.Equal("application/x-www-form-urlencoded", request.Headers["Content-Type"]);
        Assert.False(request.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task Ping_SeveralTopics_GoInOneMessageWithTheKey()
    {
        await using var hub = await HttpPeer.StartAsync(Answers.Status(202));
        var publisher = new HubPublisher(new HubClient(HttpPeer.Client)) { ApiKey = "k-1", Form = PingForm.Url };

        await publisher.PingAsync(hub.Url, ["https://a.example/", "https://b.example/"]);

        Assert.Equal("hub.mode=publish&hub.url=https%3A%2F%2Fa.example%2F&hub.url=https%3A%2F%2Fb.example%2F", hub.Requests.Single().Text);
        Assert.Equal("Bearer k-1", hub.Requests.Single().Headers["Authorization"]);
    }

    [Fact]
    public async Task Ping_NoTopic_IsMisuse()
    {
        var publisher = new HubPublisher(new HubClient(HttpPeer.Client));

        await Assert.ThrowsAsync<ArgumentException>(() => publisher.PingAsync("http://127.0.0.1:1/", []));
        await Assert.ThrowsAsync<ArgumentException>(() => publisher.PingAsync("http://127.0.0.1:1/", ""));
    }

    [Fact]
    [Trait("Ref", "BH-1")]
    public async Task RegisterAndDeregister_Topic_GiveTheHubsAnswer()
    {
        await using var hub = await HttpPeer.StartAsync(async context =>
        {
            var isKnown = ((PeerRequest)context.Items[typeof(PeerRequest)]!).Text.Contains("=register&", StringComparison.Ordinal);
            context.Response.StatusCode = isKnown ? 200 : 409;
            context.Response.Headers.Append("X-Topic-Id", "7");
            await context.Response.WriteAsync(isKnown ? "hub.mode=accepted&id=7" : "hub.mode=denied&hub.reason=unknown");
        });
        var publisher = new HubPublisher(new HubClient(HttpPeer.Client)) { ApiKey = "k-1" };

        var registered = await publisher.RegisterAsync(hub.Url, Topic);
        var withdrawn = await publisher.DeregisterAsync(hub.Url, Topic);

        Assert.Equal(
            [$"hub.mode=register&hub.topic={Encoded}", $"hub.mode=deregister&hub.topic={Encoded}"],
            hub.Requests.Select(r => r.Text)
        );
        Assert.Equal((true, "hub.mode=accepted&id=7"), (registered.IsAccepted, registered.Body));
        Assert.Contains(KeyValuePair.Create("X-Topic-Id", "7"), registered.Headers);
        Assert.Equal((409, "hub.mode=denied&hub.reason=unknown"), (withdrawn.StatusCode, withdrawn.Body));
    }

    [Theory]
    [Trait("Req", "X5")]
    [InlineData("/hub", "/hub?hub.mode=publish&hub.topic=")]
    [InlineData("/hub?key=%7E", "/hub?key=%7E&hub.mode=publish&hub.topic=")]
    [InlineData("", "/?hub.mode=publish&hub.topic=")]
    [InlineData("/hub#top", "/hub?hub.mode=publish&hub.topic=")]
    [Trait("Ref", "BH-12")]
    public async Task Push_Content_GoesAsItIs(string path, string expected)
    {
        await using var hub = await HttpPeer.StartAsync(Answers.Status(202));
        var publisher = new HubPublisher(new HubClient(HttpPeer.Client)) { ApiKey = "k-1" };
        var content = new byte[] { 0xef, 0xbb, 0xbf, 0, 13, 10, 255 };

        var response = await publisher.PushAsync(hub.Url + path, Topic, content, "Text/Plain;charset=\"UTF-8\" ; x=1");

        var request = hub.Requests.Single();
        Assert.True(response.IsAccepted);
        Assert.Equal(expected + Encoded, request.Target);
        Assert.Equal(content, request.Body);
        Assert.Equal("Text/Plain;charset=\"UTF-8\" ; x=1", request.Headers["Content-Type"]);
        Assert.Equal("Bearer k-1", request.Headers["Authorization"]);
    }

    [Fact]
    public async Task Push_LongestTopic_Fits()
    {
        await using var hub = await HttpPeer.StartAsync(Answers.Status(202));
        var topic = "https://blog.example/" + new string('é', 1000);

        var response = await new HubPublisher(new HubClient(HttpPeer.Client)).PushAsync(
            hub.Url + "/",
            topic,
            Encoding.UTF8.GetBytes("x"),
            "text/plain"
        );

        Assert.True(response.IsAccepted, response.Explanation);
        Assert.EndsWith(Uri.EscapeDataString(topic), hub.Requests.Single().Target, StringComparison.Ordinal);
    }
}
