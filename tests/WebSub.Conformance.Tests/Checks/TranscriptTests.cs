using System.Text;
using WebSub.Conformance.Peers;

namespace WebSub.Conformance.Tests.Checks;

/// <summary>Reports are passed on to others: no secret of a subscription is in them, however a peer wrote it.</summary>
public sealed class TranscriptTests
{
    [Theory]
    [InlineData("hub.mode=subscribe&hub.secret=s3cr3t&hub.topic=x")]
    [InlineData("HUB.Secret=s3cr3t&hub.topic=x")]
    [InlineData("hub%2Esecret=s3cr3t")]
    [InlineData("h%75b%2esecret=s3cr3t")]
    [InlineData("hub_secret=s3cr3t")]
    [InlineData("hub[secret]=s3cr3t")]
    [InlineData("{\"hub.mode\":\"subscribe\",\"hub.secret\":\"s3cr3t\"}")]
    [InlineData("{ \"Hub.Secret\" : \"a\\\"s3cr3t\", \"n\": 1 }")]
    [InlineData("{\"hub\\u002esecret\":\"s3cr3t\"}")]
    [InlineData("{\"hub\":{\"secret\":\"s3cr3t\"}}")]
    [InlineData("{\"hub.secret\":\"s3cr3t, which is cut of")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"hub.secret\"\r\n\r\ns3cr3t\r\n--b--")]
    [InlineData("--b\nContent-Disposition: form-data; name=hub.secret\nContent-Type: text/plain\n\nof s3cr3t\nlines s3cr3t\n--b--")]
    public void Received_WithASecret_IsWrittenDownWithoutIt(string body)
    {
        var transcript = new Transcript(TimeProvider.System);
        var request = new ReceivedRequest(
            default,
            "POST",
            "/hub?hub.secret=s3cr3t",
            [new("Content-Type", "x/y")],
            Encoding.UTF8.GetBytes(body)
        );

        transcript.Received(request, PeerAnswer.Text(400, $"What is {body}?"));

        var exchange = Assert.Single(transcript.Exchanges);
        Assert.DoesNotContain("s3cr3t", exchange.Request, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", exchange.Answer, StringComparison.Ordinal);
        Assert.Contains("***", exchange.Request.Split("\n\n", 2)[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Received_WithoutASecret_IsWrittenDownAsItCame()
    {
        const string Body = "hub.mode=subscribe&hub.topic=http%3A%2F%2Fx%2F%3Fsecretary%3D1&note=a+secret{\"a\":\"hub.secret\"}";
        var transcript = new Transcript(TimeProvider.System);

        transcript.Received(new(default, "POST", "/hub?a=b", [], Encoding.UTF8.GetBytes(Body)), PeerAnswer.Text(202));

        Assert.Equal($"POST /hub?a=b\n\n\n{Body}", Assert.Single(transcript.Exchanges).Request);
    }
}
