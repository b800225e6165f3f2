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
    [InlineData("error=this is wrong: hub.secret=s3cr3t")]
    [InlineData("The body that came from the client does not look like a form to this hub at all: hub.secret=s3cr3t")]
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
    public void Received_WithTheApiKey_IsWrittenDownWithoutItWhereverItStands()
    {
        var transcript = new Transcript(TimeProvider.System, "wsk_of-this-run");
        var echo = PeerAnswer.Text(200, "you are wsk_of-this-run").With("X-Caller", "wsk_of-this-run");

        transcript.Received(new(default, "POST", "/hub", [new("X-Auth", "Bearer wsk_of-this-run")], []), echo);

        var exchange = Assert.Single(transcript.Exchanges);
        Assert.DoesNotContain("wsk_of-this-run", exchange.Request + exchange.Answer, StringComparison.Ordinal);
        Assert.Equal("you are ***", transcript.Quote("you are wsk_of-this-run"));
    }

    [Fact]
    public void Received_WithLongHeaders_IsCut()
    {
        var transcript = new Transcript(TimeProvider.System);

        transcript.Received(
            new(default, "GET", "/hub?" + new string('q', 9000), [new("X", new string('v', 9000))], []),
            PeerAnswer.Text(202)
        );

        Assert.InRange(Assert.Single(transcript.Exchanges).Request.Length, 3000, 5000);
    }

    [Theory]
    [InlineData("name=secret\n")]
    [InlineData("name=secret ")]
    [InlineData("\"secret\" ")]
    [InlineData("a=")]
    [InlineData("\"secret\":\"\\")]
    public void Hide_OfHostileText_EndsInTime(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 200_000 / part.Length));

        var shown = Secrets.Hide(text);

        Assert.InRange(shown.Length, 3, text.Length);
    }

    [Theory]
    [InlineData("  it is\r\n<b>wrong</b>\u001b[31m\u202e ", "it is <b>wrong</b> [31m")]
    [InlineData("hub.secret=s3cr3t", "hub.secret=***")]
    [InlineData("", "")]
    public void Quote_OfAnAnswer_IsOneLineThatCanBePrinted(string body, string quote)
    {
        var transcript = new Transcript(TimeProvider.System);

        Assert.Equal(quote, transcript.Quote(Encoding.UTF8.GetBytes(body)));
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
