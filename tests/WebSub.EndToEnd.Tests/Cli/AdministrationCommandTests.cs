using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary><c>topics</c>, <c>subscribers</c>, <c>dead-letters</c>, <c>replay</c>, <c>explain</c> against a hub's API.</summary>
public sealed class AdministrationCommandTests
{
    private const string Topics = """
        {"items":[{"id":"t1","url":"https://blog.example/feed","head":7,"subscriptions":3,"isPaused":true,"isRegistered":false,
        "fetchedAt":"2026-11-26T12:00:00Z","fetchError":"answered 500"}],"next":null}
        """;

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public async Task Topics_ForPeople_AreATableThatFits(int columns)
    {
        await using var api = (await HubApiStub.StartAsync()).On("GET /topics?limit=101&url=https%3A%2F%2Fblog.example%2Ffeed", Topics);

        var result = await CliProcess.RunAsync(
            ["topics", "--hub", api.Hub, "--topic", "https://blog.example/feed", "--api-key", "k3y"],
            new Dictionary<string, string?> { ["COLUMNS"] = $"{columns}" }
        );

        Assert.Equal(0, result.ExitCode);
        Assert.All(result.Output, line => Assert.True(line.TrimEnd().Length <= columns, line));
        Assert.Contains(result.Output, line => line.Trim().StartsWith("t1 ", StringComparison.Ordinal));
        Assert.Equal("Bearer k3y", Assert.Single(api.Requests).Authorization);
    }

    [Fact]
    public async Task Topics_OnATerminalTooNarrowForATable_AreNamesAndValues()
    {
        await using var api = (await HubApiStub.StartAsync()).On("GET /topics?limit=101", Topics);

        var result = await CliProcess.RunAsync(["topics", "--hub", api.Hub], new Dictionary<string, string?> { ["COLUMNS"] = "50" });

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Id           t1", result.Output);
        Assert.Contains("Topic        https://blog.example/feed", result.Output);
        Assert.Contains("Remarks      paused; answered 500", result.Output);
    }

    [Fact]
    public async Task Topics_OutputGoesElsewhere_ARowIsALine()
    {
        await using var api = (await HubApiStub.StartAsync()).On("GET /topics?limit=101", Topics);

        var result = await CliProcess.RunAsync("topics", "--hub", api.Hub);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(
            result.Output,
            line => Regex.IsMatch(line, @"^\s*t1\s+https://blog\.example/feed\s+7\s+3\s+2026-11-2\S+ \S+\s+paused; answered 500\s*$")
        );
    }

    [Fact]
    public async Task Subscribers_Json_IsWhatTheApiSaysPageAfterPage()
    {
        await using var api = (await HubApiStub.StartAsync())
            .On("GET /subscriptions?limit=101&state=behind", """{"items":[{"id":"s1","lag":4}],"next":"a/b"}""")
            .On("GET /subscriptions?limit=100&state=behind&after=a%2Fb", """{"items":[{"id":"s2","lag":5}],"next":null}""");

        var result = await CliProcess.RunAsync("subscribers", "--hub", api.Hub, "--state", "behind", "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["""{"id":"s1","lag":4}""", """{"id":"s2","lag":5}"""], result.Output);
    }

    [Fact]
    public async Task Subscribers_OfAHost_AreThoseThatTheApiIsAskedFor()
    {
        await using var api = (await HubApiStub.StartAsync()).On(
            "GET /subscriptions?limit=101&host=s.example",
            """{"items":[{"id":"s1","callback":"https://s.example/cb"}],"next":null}"""
        );

        var result = await CliProcess.RunAsync("subscribers", "--hub", api.Hub, "--host", "s.example", "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("s1", result.Json.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("7", "--to", "7")]
    [InlineData("null")]
    public async Task Replay_AsksForTheRangeThatWasTyped(string to, params string[] options)
    {
        await using var api = (await HubApiStub.StartAsync()).On(
            "POST /subscriptions/s1/replay",
            """{"id":"a1","doneAt":"2026-11-26T12:00:00Z","affected":1}""",
            202
        );

        var result = await CliProcess.RunAsync(["replay", "s1", "--from", "3", "--hub", api.Hub, .. options]);

        Assert.Equal(0, result.ExitCode);
        var body = JsonElement.Parse(Assert.Single(api.Requests).Body);
        Assert.Equal(("3", to), (body.GetProperty("from").GetRawText(), body.GetProperty("to").GetRawText()));
    }

    [Fact]
    public async Task DeadLetters_MoreThanAsked_AreCutAndThatIsSaid()
    {
        await using var api = (await HubApiStub.StartAsync()).On(
            "GET /dead-letters?limit=2",
            """{"items":[{"id":"d1","firstSequence":1,"lastSequence":1},{"id":"d2","firstSequence":2,"lastSequence":4}],"next":"d2"}"""
        );

        var result = await CliProcess.RunAsync("dead-letters", "--hub", api.Hub, "--limit", "1");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(result.Output, l => l.Contains("d1", StringComparison.Ordinal));
        Assert.DoesNotContain(result.Output, l => l.Contains("d2", StringComparison.Ordinal));
        Assert.Equal("note: there are more; --limit 10 shows them.", result.Error[^1]);
    }

    [Fact]
    public async Task DeadLetters_WithTheHighestLimit_AreListed()
    {
        await using var api = (await HubApiStub.StartAsync()).On(
            "GET /dead-letters?limit=1000",
            """{"items":[{"id":"d1","firstSequence":1,"lastSequence":1}],"next":null}"""
        );

        var result = await CliProcess.RunAsync("dead-letters", "--hub", api.Hub, "--limit", $"{int.MaxValue}", "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("""{"id":"d1","firstSequence":1,"lastSequence":1}""", Assert.Single(result.Output));
        Assert.DoesNotContain("note: there are none.", result.Error);
    }

    [Fact]
    public async Task Redeliver_WaitsForTheAction_AndSaysWhatBecameOfIt()
    {
        await using var api = (await HubApiStub.StartAsync())
            .On("POST /dead-letters/redeliver", """{"id":"a1","doneAt":null,"affected":0}""", 202)
            .On("GET /actions/a1", """{"id":"a1","doneAt":"2026-11-26T12:00:00Z","affected":12}""");

        var result = await CliProcess.RunAsync([
            "dead-letters",
            "redeliver",
            "--hub",
            api.Hub,
            "--origin",
            "https://s.example",
            "--reason",
            "works again",
        ]);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("dead letters sent again (action a1): 12", Assert.Single(result.Output));
        var body = JsonElement.Parse(api.Requests[0].Body);
        Assert.Equal("https://s.example", body.GetProperty("origin").GetString());
        Assert.Equal("works again", body.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Redeliver_OneOfSeveralIsNotThere_SaysWhichAndSendsTheOthers()
    {
        await using var api = (await HubApiStub.StartAsync())
            .On("POST /dead-letters/d1/redeliver", """{"detail":"There is nothing with this id."}""", 404, "application/problem+json")
            .On("POST /dead-letters/d2/redeliver", """{"id":"a1","doneAt":"2026-11-26T12:00:00Z","affected":1}""", 202);

        var result = await CliProcess.RunAsync("dead-letters", "redeliver", "d1", "d2", "--hub", api.Hub);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"websub: d1: {api.Url} answered 404: There is nothing with this id.", result.Error);
        Assert.Equal("dead letters sent again (action a1): 1", Assert.Single(result.Output));
    }

    [Fact]
    public async Task Replay_RefusedByTheHub_FailsWithItsReason()
    {
        await using var api = (await HubApiStub.StartAsync()).On(
            "POST /subscriptions/s%2F1/replay",
            """{"detail":"There is nothing with this id."}""",
            404,
            "application/problem+json"
        );

        var result = await CliProcess.RunAsync("replay", "s/1", "--from", "3", "--hub", api.Hub);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal($"websub: {api.Url} answered 404: There is nothing with this id.", result.Error[^1]);
        Assert.Equal(3, JsonElement.Parse(api.Requests[0].Body).GetProperty("from").GetInt64());
    }

    [Fact]
    public async Task KeysCreate_ShowsTheKeyAloneOnItsLine()
    {
        await using var api = (await HubApiStub.StartAsync()).On(
            "POST /keys",
            """{"name":"blog","key":"websub_abc","scopes":["publish"]}""",
            201
        );

        var result = await CliProcess.RunAsync("keys", "create", "blog", "--scope", "publish", "--scope", "read", "--hub", api.Hub);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["websub_abc"], result.Output);
        Assert.Equal("note: The hub does not show the key again.", result.Error[^1]);
        var body = JsonElement.Parse(api.Requests[0].Body);
        Assert.Equal("blog", body.GetProperty("name").GetString());
        Assert.Equal(["publish", "read"], body.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()));
    }

    [Fact]
    public async Task KeysList_ShowsWhoMayDoWhat_AndDisableSaysSinceWhen()
    {
        await using var api = (await HubApiStub.StartAsync())
            .On(
                "GET /keys?limit=101",
                """
                {"items":[{"name":"blog","scopes":["publish","read"],"createdAt":"2026-11-26T12:00:00Z","createdBy":"local"},
                {"name":"main","scopes":["administer"],"isConfigured":true}],"next":null}
                """
            )
            .On("POST /keys/blog/disable", """{"name":"blog","disabledAt":"2026-11-26T12:00:00Z"}""");

        var list = await CliProcess.RunAsync("keys", "list", "--hub", api.Hub);
        var disabled = await CliProcess.RunAsync("keys", "disable", "blog", "--reason", "leaked", "--hub", api.Hub);

        Assert.Contains(list.Output, l => Regex.IsMatch(l, @"^\s*blog\s+publish, read\s+2026-11-2\S+ \S+\s+local"));
        Assert.Contains(list.Output, l => Regex.IsMatch(l, @"^\s*main\s+administer\s+in the settings"));
        Assert.StartsWith("blog is disabled since 2026-11-2", Assert.Single(disabled.Output), StringComparison.Ordinal);
        Assert.Equal("leaked", JsonElement.Parse(api.Requests[^1].Body).GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData(401, "Reading needs a key.", "answered 401: Reading needs a key. On this command line: --api-key KEY, or WEBSUB_API_KEY.")]
    [InlineData(404, "", "is no administration API: it answered 404. Is --hub the hub's endpoint, such as https://hub.example/hub?")]
    public async Task List_Refused_SaysWhatToDo(int status, string text, string complaint)
    {
        await using var api = (await HubApiStub.StartAsync()).On("GET /topics?limit=101", text, status, "text/plain");

        var result = await CliProcess.RunAsync("topics", "--hub", api.Hub);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal($"websub: {api.Url} {complaint}", result.Error[^1]);
    }

    [Theory]
    [InlineData("Nothing says which dead letters: some IDs, --topic, --origin or --all. See websub dead-letters redeliver --help.")]
    [InlineData("Either some IDs or --topic, --origin or --all. See websub dead-letters redeliver --help.", "d1", "--all")]
    public async Task Redeliver_Unclear_IsBadUsage(string complaint, params string[] arguments)
    {
        var result = await CliProcess.RunAsync(["dead-letters", "redeliver", .. arguments]);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal($"websub: {complaint}", result.Complaint);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Redeliver_OfWhatOurHubHasGivenUp_DeliversItAndLeavesNone(bool isNamed)
    {
        await using var hub = await CliHub.StartAsync("--WebSub:Hub:Delivery:RetrySeconds", "1");
        await using var sink = await CallbackSink.StartAsync();
        const string Topic = "http://localhost/given-up";
        var callback = await sink.SubscribeAsync(hub.Url, Topic);
        callback.Respond = _ => 500;
        await hub.SubscribedAsync();
        await CliProcess.RunAsync(
            ["publish", Topic, "--hub", hub.Url, "--content", "-", "--type", "text/plain"],
            environment: null,
            input: "news"
        );
        await hub.Process.WaitForLineAsync("Gave up delivering entry 1 ");

        var letter = (await CliProcess.RunAsync("dead-letters", "--topic", Topic, "--hub", hub.Url, "--json")).Json;
        callback.Respond = _ => 200;
        string[] which = isNamed ? [letter.GetProperty("id").GetString()!] : ["--topic", Topic];
        var redelivered = await CliProcess.RunAsync(["dead-letters", "redeliver", .. which, "--hub", hub.Url]);
        var deliveries = await callback.WaitForDeliveriesAsync(3);

        Assert.Equal("1", letter.GetProperty("firstSequence").GetRawText());
        Assert.StartsWith(letter.GetProperty("callback").GetString()!, callback.Url, StringComparison.Ordinal);
        Assert.Equal("dead letters sent again (action 1): 1", Assert.Single(redelivered.Output));
        Assert.Equal(("news", deliveries[0].DeliveryId), (Encoding.UTF8.GetString(deliveries[2].Body), deliveries[2].DeliveryId));
    }

    [Fact]
    public async Task Commands_OfOurHub_ShowASubscriberAndSendAnUpdateAgain()
    {
        await using var hub = await CliHub.StartAsync();
        await using var sink = await CallbackSink.StartAsync();
        const string Topic = "http://localhost/watched";
        var callback = await sink.SubscribeAsync(hub.Url, Topic);
        await hub.SubscribedAsync();
        var pushed = await CliProcess.RunAsync(
            ["publish", Topic, "--hub", hub.Url, "--content", "-", "--type", "text/plain"],
            environment: null,
            input: "news"
        );
        Assert.Equal(0, pushed.ExitCode);
        await callback.WaitForDeliveriesAsync(1);

        var topic = (await CliProcess.RunAsync("topics", "--hub", hub.Url, "--json")).Json;
        var subscriber = (await CliProcess.RunAsync("subscribers", "--hub", hub.Url, "--topic", Topic, "--json")).Json;
        var letters = await CliProcess.RunAsync("dead-letters", "--hub", hub.Url);
        var redelivered = await CliProcess.RunAsync("dead-letters", "redeliver", "--all", "--hub", hub.Url);
        var replayed = await CliProcess.RunAsync("replay", subscriber.GetProperty("id").GetString()!, "--from", "1", "--hub", hub.Url);
        var explained = await CliProcess.RunAsync("explain", Topic, "--callback", callback.Url, "--hub", hub.Url);
        var toCome = await CliProcess.RunAsync("explain", Topic, "--callback", callback.Url, "--update", "9", "--hub", hub.Url);
        var stranger = await CliProcess.RunAsync("explain", Topic, "--callback", callback.Url + "x", "--hub", hub.Url, "--json");

        Assert.Equal(Topic, topic.GetProperty("url").GetString());
        Assert.StartsWith(subscriber.GetProperty("callback").GetString()!, callback.Url, StringComparison.Ordinal);
        Assert.Empty(letters.Output);
        Assert.Equal("dead letters sent again (action 1): 0", Assert.Single(redelivered.Output));
        Assert.Equal("note: there are none.", letters.Error[^1]);
        Assert.True(replayed.ExitCode == 0, string.Join('\n', replayed.Error));
        var deliveries = await callback.WaitForDeliveriesAsync(2);
        Assert.Equal(deliveries[0].DeliveryId, deliveries[1].DeliveryId);
        Assert.NotNull(deliveries[1].Header("WebSub-Delivery-Replay"));
        Assert.StartsWith("delivered: ", explained.Output[0], StringComparison.Ordinal);
        Assert.StartsWith("- The callback confirmed the subscription at ", explained.Output[1], StringComparison.Ordinal);
        Assert.StartsWith("noSuchUpdate: ", toCome.Output[0], StringComparison.Ordinal);
        Assert.Equal("neverSubscribed", stranger.Json.GetProperty("verdict").GetString());
    }
}
