using WebSub.Http;

namespace WebSub.Predicates;

public sealed class PredicateApiTests
{
    private const string Stored =
        """{"sender":"AU","receiver":"CN","subject":"s","obj":"o","predicate":"UN."""
        + """CEFACT","sender_ref":"r-1","status":"pending","reference":"abc","channel_id":7}""";

    private static readonly PredicateMessage Message = new()
    {
        Sender = "AU",
        Receiver = "CN",
        Subject = "Größe",
        Obj = "o",
        Predicate = "UN.CEFACT",
    };

    [Fact]
    [Trait("Ref", "IG-13")]
    public async Task Subscribe_Request_IsTheFormOfTheApi()
    {
        await using var peer = await HttpPeer.StartAsync(Answers.Status(202));
        var api = new PredicateApi(HttpPeer.Client, new(peer.Url + "/api/")) { ApiKey = "k-1" };

        var answer = await api.SubscribeAsync(new("UN.CEFACT.*", "https://me.example/cb?a=1") { LeaseSeconds = 7200, Secret = "s3cret" });

        var request = peer.Requests.Single();
        Assert.True(answer.IsAccepted);
        Assert.Equal(("POST", "/api/subscriptions"), (request.Method, request.Target));
        Assert.Equal(
            "hub.mode=subscribe&hub.topic=UN.CEFACT.%2A&hub.callback=https%3A%2F%2Fme.example%2Fcb%3Fa%3D1"
                + "&hub.lease_seconds=7200&hub.secret=s3cret",
            request.Text
        );
        Assert.Equal("Bearer k-1", request.Headers["Authorization"]);
    }

    [Theory]
    [Trait("Ref", "IG-13")]
    [InlineData("", "https://me.example/cb")]
    [InlineData("UN", "")]
    public async Task Subscribe_WithoutTopicOrCallback_Throws(string topic, string callback)
    {
        var api = new PredicateApi(HttpPeer.Client, new("http://127.0.0.1:9"));

        await Assert.ThrowsAsync<ArgumentException>(() => api.SubscribeAsync(new(topic, callback)));
    }

    [Fact]
    [Trait("Ref", "IG-13")]
    public async Task Unsubscribe_Refused_SaysWhy()
    {
        const string NotFound =
            """{"errors":[{"status":"Not Found","code":"generic-http-error","title":"Not Found","detail":"Subscription """
            + """with given parameters not found","source":[]}]}""";
        await using var peer = await HttpPeer.StartAsync(Answers.Status(404, NotFound));

        var answer = await new PredicateApi(HttpPeer.Client, new(peer.Url)).UnsubscribeAsync("UN", "https://me.example/cb");

        Assert.Equal(
            (HubOutcome.Refused, 404, "The API answered 404: Subscription with given parameters not found"),
            (answer.Outcome, answer.StatusCode, answer.Explanation)
        );
        Assert.Equal("generic-http-error", Assert.Single(answer.Problems).Code);
    }

    [Fact]
    public async Task Post_Message_ComesBackWithItsReference()
    {
        await using var peer = await HttpPeer.StartAsync(Answers.Status(201, Stored));

        var answer = await new PredicateApi(HttpPeer.Client, new(peer.Url)).PostAsync(Message);

        var request = peer.Requests.Single();
        Assert.Equal("""{"sender":"AU","receiver":"CN","subject":"Größe","obj":"o","predicate":"UN.CEFACT"}""", request.Text);
        Assert.Equal(("POST", "/messages", "application/json"), (request.Method, request.Target, request.Headers["Content-Type"]));
        Assert.Equal(
            ("abc", "r-1", "pending", 7),
            (answer.Value!.Reference, answer.Value.SenderRef, answer.Value.Status, answer.Value.Further!["channel_id"].GetInt32())
        );
    }

    [Fact]
    public async Task Post_Batch_IsAnArray()
    {
        await using var peer = await HttpPeer.StartAsync(Answers.Status(201, $"[{Stored},{Stored}]"));

        var answer = await new PredicateApi(HttpPeer.Client, new(peer.Url)).PostAsync([Message, Message]);

        Assert.StartsWith("[{", peer.Requests.Single().Text, StringComparison.Ordinal);
        Assert.Equal(["abc", "abc"], answer.Value!.Select(m => m.Reference));
    }

    [Fact]
    public async Task ChangeStatus_And_Read_NameTheReference()
    {
        await using var peer = await HttpPeer.StartAsync(Answers.Status(200, Stored));
        var api = new PredicateApi(HttpPeer.Client, new(peer.Url));

        await api.ChangeStatusAsync("AU:7/8", "accepted");
        var read = await api.ReadAsync("abc");

        Assert.Equal(["PATCH /messages/AU%3A7%2F8", "GET /messages/abc"], peer.Requests.Select(r => $"{r.Method} {r.Target}"));
        Assert.Equal("""{"status":"accepted"}""", peer.Requests[0].Text);
        Assert.Equal("AU", read.Value!.Sender);
    }

    [Theory]
    [InlineData(200, "not json", HubOutcome.Failed)]
    [InlineData(200, "{}", HubOutcome.Failed)]
    [InlineData(307, "", HubOutcome.BadRedirect)]
    [InlineData(400, "<html>", HubOutcome.Refused)]
    [InlineData(400, """{"errors":null}""", HubOutcome.Refused)]
    [InlineData(503, "", HubOutcome.Failed)]
    public async Task Read_StrangeAnswer_IsAnOutcome(int status, string body, HubOutcome outcome)
    {
        await using var peer = await HttpPeer.StartAsync(Answers.Status(status, body));

        var answer = await new PredicateApi(HttpPeer.Client, new(peer.Url)).ReadAsync("abc");

        Assert.Equal(outcome, answer.Outcome);
        Assert.Null(answer.Value);
        Assert.Contains($"{status}", answer.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_NobodyThere_IsUnreachable()
    {
        string url;
        await using (var peer = await HttpPeer.StartAsync(Answers.Status(200)))
            url = peer.Url;

        var answer = await new PredicateApi(HttpPeer.Client, new(url)).ReadAsync("abc");

        Assert.Equal(HubOutcome.Unreachable, answer.Outcome);
    }

    [Fact]
    public async Task Read_NoAnswerInTime_IsATimeOut()
    {
        await using var peer = await HttpPeer.StartAsync(Answers.Never(() => { }));

        var answer = await new PredicateApi(HttpPeer.Client, new(peer.Url)) { Timeout = TimeSpan.FromMilliseconds(50) }.ReadAsync("abc");

        Assert.Equal(HubOutcome.TimedOut, answer.Outcome);
    }

    [Fact]
    public void ToString_Subscription_KeepsTheSecret() =>
        Assert.DoesNotContain(
            "s3cret",
            new PredicateSubscription("UN", "https://me.example/") { Secret = "s3cret" }.ToString(),
            StringComparison.Ordinal
        );
}
