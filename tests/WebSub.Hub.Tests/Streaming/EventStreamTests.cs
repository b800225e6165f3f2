using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Streaming;

/// <summary>Reading a topic's log: as server-sent events, and page by page.</summary>
public abstract class EventStreamTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://a.example/feed?x=%C3%A4&y=\"";
    private const int EventClientDropped = 1500;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_OfATopic_HasWhatIsPublishedFromNowOn_WithItsSequenceAsId()
    {
        await using var hub = await StartAsync();
        await hub.PublishAsync(Topic, "before");
        using var events = await OpenAsync(hub);

        await hub.PublishAsync(Topic, "gr\u00fc\u00dfe\nzwei", "text/plain; x=1");
        await hub.PublishAsync(Topic, "three");
        var (first, second) = (await events.NextAsync(), await events.NextAsync());

        Assert.Equal(("2", "message", "3"), (first.EventId, first.EventType, second.EventId));
        var json = JsonNode.Parse(first.Data)!;
        Assert.Equal((Topic, 2L, "gr\u00fc\u00dfe\nzwei"), ((string?)json["topic"], (long?)json["sequence"], (string?)json["body"]));
        Assert.Equal("text/plain; x=1", (string?)json["contentType"]);
        Assert.EndsWith("/2", (string?)json["deliveryId"], StringComparison.Ordinal);
        Assert.NotNull((DateTimeOffset?)json["publishedAt"]);
    }

    [Theory]
    [InlineData("Last-Event-ID", "1")]
    [InlineData("after", "1")]
    public async Task Stream_OfAClientThatComesBack_GoesOnWhereItWas(string how, string where)
    {
        await using var hub = await StartAsync();
        for (var i = 1; i <= 3; i++)
            await hub.PublishAsync(Topic, $"{i}");

        using var events = await OpenAsync(hub, how == "after" ? $"&after={where}" : "", how == "after" ? null : where);
        List<string?> ids = [(await events.NextAsync()).EventId, (await events.NextAsync()).EventId];
        await hub.PublishAsync(Topic, "4");

        Assert.Equal(["2", "3"], ids);
        Assert.Equal("4", (await events.NextAsync()).EventId);
    }

    [Theory]
    [InlineData("999")]
    [InlineData("0")]
    [InlineData("another hub's id")]
    public async Task Stream_WithAnIdThatIsUnknownOrPruned_BeginsWithAGap_AndGoesOnFromTheOldest(string id)
    {
        await using var hub = await StartAsync();
        for (var i = 1; i <= 4; i++)
            await hub.PublishAsync(Topic, $"{i}");
        await hub.Db.WriteAsync(s => s.ExecuteAsync("delete from {entries} where sequence < 3"), Cancelled);

        using var events = await OpenAsync(hub, "", id);
        var gap = await events.NextAsync();
        var next = await events.NextAsync();

        Assert.Equal(("gap", 3L), (gap.EventType, (long?)JsonNode.Parse(gap.Data)!["oldest"]));
        Assert.Equal("3", next.EventId);
    }

    [Fact]
    public async Task History_IsReadPageByPage_AndItsItemsAreTheEventsData()
    {
        await using var hub = await StartAsync();
        for (var i = 1; i <= 5; i++)
            await hub.PublishAsync(Topic, $"{i}");

        var pages = new List<JsonNode>();
        for (var query = $"?topic={Uri.EscapeDataString(Topic)}&limit=2"; query is not null; query = (string?)pages[^1]["next"])
            pages.Add(JsonNode.Parse(await GetJsonAsync(hub, query))!);
        using var events = await OpenAsync(hub, "&after=0");
        var first = await events.NextAsync();

        Assert.Equal([2, 2, 1], pages.Select(p => p["items"]!.AsArray().Count));
        Assert.Equal(["1", "2", "3", "4", "5"], pages.SelectMany(p => p["items"]!.AsArray()).Select(i => (string)i!["body"]!));
        Assert.Equal((5L, 1L, false), ((long)pages[0]["head"]!, (long)pages[0]["oldest"]!, (bool)pages[0]["gap"]!));
        Assert.True(JsonNode.DeepEquals(pages[0]["items"]![0], JsonNode.Parse(first.Data)));
    }

    [Fact]
    public async Task Contents_ThatAreNoText_OrLarge_ComeWhole()
    {
        await using var hub = await StartAsync();
        byte[] image = [0x89, 0x50, 0, 0xff];
        var large = new string('x', 300_000);
        await PushAsync(hub, image);
        await hub.PublishAsync(Topic, large);

        using var events = await OpenAsync(hub, "&after=0");
        var (first, second) = (JsonNode.Parse((await events.NextAsync()).Data)!, JsonNode.Parse((await events.NextAsync()).Data)!);

        Assert.Equal(image, Convert.FromBase64String((string)first["bodyBase64"]!));
        Assert.Null(first["body"]);
        Assert.Equal(large, (string)second["body"]!);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("?topic=", 400)]
    [InlineData("?topic=a&topic=b", 400)]
    [InlineData("?topic=https://a.example/unknown", 404)]
    [InlineData("?topic=x&after=-1", 400)]
    [InlineData("?topic=x&after=one", 400)]
    [InlineData("?topic=x&limit=0", 400)]
    [InlineData("?topic=x&limit=1001", 400)]
    public async Task Request_ThatIsWrong_IsRefusedWithASentence(string query, int status)
    {
        await using var hub = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, hub.Url + "/events" + query);

        using var answer = await hub.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.EndsWith(".\n", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "https://a.example/feed", 401)]
    [InlineData("reading", "https://a.example/feed", 200)]
    [InlineData("publishing", "https://a.example/feed", 403)]
    [InlineData(null, "https://open.example/feed", 200)]
    public async Task Reading_ByAStranger_NeedsAKeyWithTheScopeRead_UnlessTheTopicIsOpen(string? key, string topic, int status)
    {
        await using var hub = await StartAsync(o =>
        {
            o.ApiKeys["Reader"] = new("reading") { Scopes = [ApiScope.Read] };
            o.ApiKeys["Publisher"] = new("publishing") { Scopes = [ApiScope.Publish] };
            o.Events.OpenTopics = ["https://open.example/*"];
            o.Events.AllowedOrigins = ["https://app.example"];
        });
        await hub.PublishAsync(topic, "1");
        using var request = RequestFor(hub, topic, "");
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        request.Headers.Add("Accept", "application/json");
        request.Headers.Add("Origin", "https://app.example");
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);

        using var answer = await hub.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("https://app.example", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Theory]
    [InlineData("https://other.example")]
    [InlineData("https://app.example.other.example")]
    [InlineData("http://app.example")]
    [InlineData("null")]
    public async Task Origin_ThatIsNotListed_IsNotAllowed_AlsoInAPreflight(string origin)
    {
        await using var hub = await StartAsync(o =>
        {
            o.Events.OpenTopics = [Topic];
            o.Events.AllowedOrigins = ["https://app.example"];
        });
        await hub.PublishAsync(Topic, "1");

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Options })
        {
            using var request = RequestFor(hub, Topic, "");
            request.Method = method;
            request.Headers.Add("Accept", "application/json");
            request.Headers.Add("Origin", origin);
            using var answer = await hub.SendAsync(request);

            Assert.True(answer.IsSuccessStatusCode);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
            Assert.Equal("Origin", answer.Headers.Vary.Single());
        }
    }

    [Fact]
    public async Task Streams_BeyondTheLimit_AreAnswered503_UntilOneLeaves()
    {
        await using var hub = await StartAsync(o => o.Events.MaxClients = 1);
        await hub.PublishAsync(Topic, "1");

        HttpStatusCode refused;
        using (await OpenAsync(hub))
        {
            using var request = RequestFor(hub, Topic, "");
            using var answer = await hub.SendAsync(request);
            refused = answer.StatusCode;
        }

        await hub.PublishAsync(Topic, "2");
        using var events = await OpenOnceThereIsRoomAsync(hub, "&after=1");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused);
        Assert.Equal("2", (await events.NextAsync()).EventId);
    }

    [Fact]
    public async Task Stream_OfAClientThatDoesNotRead_IsClosed_AndHoldsUpNobody()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await HubHost.StartAsync(
            ConnectionString,
            o =>
            {
                o.Events.SlowClient = TimeSpan.FromSeconds(1);
                // Both are at one address, which may hold a quarter of this.
                o.Events.MaxBytesInFlight = 256L * 1024 * 1024;
            },
            clock
        );
        await hub.PublishAsync(Topic, "1");
        var dropped = hub.LoggedAsync(EventClientDropped);
        using var lazy = await OpenLazilyAsync(hub);
        using var events = await OpenAsync(hub, "&after=0");

        var large = new string('x', 2_000_000);
        for (var i = 2; i <= 9; i++)
            await hub.PublishAsync(Topic, large);
        string? last = null;
        while (last != "9")
            last = (await events.NextAsync()).EventId;
        await clock.AdvanceUntilAsync(dropped, TimeSpan.FromMilliseconds(100));

        Assert.Equal("9", last);
    }

    [Fact]
    public async Task Stream_OfAClientThatReadsOnTooLate_EndsWithTheReason()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await HubHost.StartAsync(
            ConnectionString,
            o => (o.Events.SlowClient, o.Events.Heartbeat) = (TimeSpan.FromSeconds(10), TimeSpan.FromHours(1)),
            clock
        );
        await hub.PublishAsync(Topic, "1");
        var dropped = hub.LoggedAsync(EventClientDropped);
        using var lazy = await OpenLazilyAsync(hub);
        for (var i = 2; i <= 9; i++)
            await hub.PublishAsync(Topic, new string('x', 2_000_000));

        await clock.AdvanceUntilAsync(dropped, TimeSpan.FromMilliseconds(100));
        var last = await ReadLastAsync(lazy, "event: dropped\ndata: ");

        Assert.Contains("\"reason\":\"The client accepted nothing for 10 s. Come back", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_OfAClientThatDoesNotRead_HasNothingReadForItThatItDoesNotTake()
    {
        const int Megabytes = 30;
        await using var hub = await StartAsync(o => o.Events.SlowClient = TimeSpan.FromSeconds(1));
        var contents = hub.Services.GetRequiredService<EntryContents>();
        // The newest 16 MB are kept for whoever comes next; all before them is read from the database for each reader.
        for (var i = 0; i < Megabytes; i++)
            await hub.PublishAsync(Topic, new string('x', 1024 * 1024));
        var before = contents.PassedBytes;
        var dropped = hub.LoggedAsync(EventClientDropped);

        using var lazy = await OpenLazilyAsync(hub);
        await dropped;

        // What the buffers of two sockets take, and the one entry that waits for room in them.
        Assert.InRange(contents.PassedBytes - before, 0, (Megabytes - 16 - 2) * 1024 * 1024);
    }

    [Fact]
    public async Task Stream_OfAHubThatStops_Ends()
    {
        var hub = await StartAsync();
        await using var stopped = hub;
        await hub.PublishAsync(Topic, "1");
        using var events = await OpenAsync(hub);

        var stopping = hub.StopAsync();
        var isOver = await events.IsOverAsync();
        await stopping;

        Assert.True(isOver);
    }

    [Fact]
    public async Task Stream_WithNothingToSay_SendsAComment_AgainAndAgain_AndThenWhatIsNew()
    {
        await using var hub = await StartAsync(o => o.Events.Heartbeat = TimeSpan.FromSeconds(1));
        await hub.PublishAsync(Topic, "1");
        using var client = await OpenLazilyAsync(hub);

        // One is the beginning.
        await ReadUntilAsync(client, text => text.Split("\n:\n\n").Length > 3);
        await hub.PublishAsync(Topic, "2");
        var rest = await ReadUntilAsync(client, text => text.Contains("id: 2\n", StringComparison.Ordinal));

        Assert.DoesNotContain("gap", rest, StringComparison.Ordinal);
    }

    /// <summary>What a client receives until this holds.</summary>
    private static async Task<string> ReadUntilAsync(TcpClient client, Func<string, bool> holds)
    {
        using var deadline = new CancellationTokenSource(HubHost.Deadline);
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        while (!holds(text.ToString()))
        {
            var length = await client.GetStream().ReadAsync(buffer, deadline.Token);
            Assert.NotEqual(0, length);
            text.Append(Encoding.UTF8.GetString(buffer, 0, length));
        }

        return text.ToString();
    }

    /// <summary>Reads on until these words and a line end have come; returns them with what follows them.</summary>
    private static async Task<string> ReadLastAsync(TcpClient client, string words)
    {
        using var deadline = new CancellationTokenSource(HubHost.Deadline);
        var (text, buffer) = ("", new byte[64 * 1024]);
        while (true)
        {
            var length = await client.GetStream().ReadAsync(buffer, deadline.Token);
            Assert.NotEqual(0, length);
            text = text[Math.Max(0, text.Length - 1000)..] + Encoding.UTF8.GetString(buffer, 0, length);
            var start = text.IndexOf(words, StringComparison.Ordinal);
            if (start >= 0 && text.IndexOf("\n\n", start, StringComparison.Ordinal) > 0)
                return text[start..];
        }
    }

    /// <summary>A client that asks for everything and reads nothing.</summary>
    private static async Task<TcpClient> OpenLazilyAsync(HubHost hub)
    {
        var lazy = new TcpClient { ReceiveBufferSize = 1024 };
        var url = new Uri(hub.Url);
        await lazy.ConnectAsync(url.Host, url.Port, Cancelled);
        var start = $"GET /hub/events?topic={Uri.EscapeDataString(Topic)}&after=0 HTTP/1.1\r\nHost: {url.Authority}\r\n\r\n";
        await lazy.GetStream().WriteAsync(Encoding.ASCII.GetBytes(start), Cancelled);
        return lazy;
    }

    private static HttpRequestMessage RequestFor(HubHost hub, string topic, string more) =>
        new(HttpMethod.Get, $"{hub.Url}/events?topic={Uri.EscapeDataString(topic)}{more}");

    private static async Task<string> GetJsonAsync(HubHost hub, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, hub.Url + "/events" + query);
        request.Headers.Add("Accept", "application/json");
        using var answer = await hub.SendAsync(request);
        return await answer.Content.ReadAsStringAsync(Cancelled);
    }

    private static async Task PushAsync(HubHost hub, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{hub.Url}?hub.mode=publish&hub.topic={Uri.EscapeDataString(Topic)}")
        {
            Content = new ByteArrayContent(body),
        };
        using var answer = await hub.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private static async Task<OpenStream> OpenAsync(HubHost hub, string more = "", string? lastId = null)
    {
        using var request = RequestFor(hub, Topic, more);
        if (lastId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        return await OpenStream.OpenAsync(request);
    }

    /// <summary>Asks again as long as it is told that there is no room: the hub has yet to notice that a client has left.</summary>
    private static async Task<OpenStream> OpenOnceThereIsRoomAsync(HubHost hub, string more)
    {
        using var deadline = new CancellationTokenSource(HubHost.Deadline);
        while (true)
        {
            try
            {
                return await OpenAsync(hub, more);
            }
            catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                deadline.Token.ThrowIfCancellationRequested();
            }
        }
    }

    private Task<HubHost> StartAsync(Action<HubOptions>? configure = null) => HubHost.StartAsync(ConnectionString, configure);

    public sealed class OnSqlite() : EventStreamTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : EventStreamTests(server);
}
