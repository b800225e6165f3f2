using System.Net;
using System.Net.Http.Headers;
using System.Text;
using WebSub.Hub.Tests.Predicates;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Access;

/// <summary>A page in a browser on the hub's machine reaches loopback; what it sends is no local caller's, at any endpoint.</summary>
public abstract class LocalCallerTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed";
    private const string Form = "application/x-www-form-urlencoded";

    // What browsers send for a form or a fetch of another page: "OWN" stands for the hub's origin, "PORT" for its port.
    public static TheoryData<string> ForeignPages =>
        [
            "Origin: https://evil.example",
            "Origin: null",
            "Origin: http://localhost",
            "Origin: https://127.0.0.1:PORT",
            "Origin: OWN|Origin: https://evil.example",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Site: same-site",
            "Sec-Fetch-Site: cross-site|Sec-Fetch-Site: same-origin",
            "Origin: https://evil.example|Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: no-cors",
            "Host: evil.example:PORT",
            "Host: evil.example:PORT|Origin: http://evil.example:PORT|Sec-Fetch-Site: same-origin",
        ];

    public static TheoryData<string> OwnPages =>
        ["", "Origin: OWN", "Origin: OWN|Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none", "Sec-Fetch-Site: same-origin"];

    [Theory]
    [MemberData(nameof(ForeignPages))]
    public async Task Request_OfAForeignPage_IsAStrangers(string headers)
    {
        await using var hub = await HubHost.StartAsync(ConnectionString, o => o.Publishing.Policy = PublishingPolicy.Authenticated);

        var statuses = await AskEverywhereAsync(hub, headers);

        Assert.All(statuses, s => Assert.Equal((s.What, HttpStatusCode.Unauthorized), s));
    }

    [Theory]
    [MemberData(nameof(OwnPages))]
    public async Task Request_OfAPageOfTheHub_OrOfNoPage_IsALocalCallers(string headers)
    {
        await using var hub = await HubHost.StartAsync(ConnectionString, o => o.Publishing.Policy = PublishingPolicy.Authenticated);

        var statuses = await AskEverywhereAsync(hub, headers);

        Assert.All(statuses, s => Assert.NotEqual((s.What, HttpStatusCode.Unauthorized), s));
    }

    [Fact]
    public async Task Predicate_OfAForeignPage_IsVerified()
    {
        await using var hub = await StartHubAsync();
        await using var victim = await FakeSubscriber.StartAsync();
        victim.OnVerification = _ => Task.FromResult<int?>(404);
        var refused = hub.ChangedAsync(WebSubHubChangeKind.NotConfirmed, victim.Callback());

        var status = await SendAsync(
            hub,
            HttpMethod.Post,
            "/subscriptions",
            $"hub.mode=subscribe&hub.topic=UN.CEFACT.*&hub.callback={Uri.EscapeDataString(victim.Callback())}",
            Form,
            "Origin: https://evil.example|Sec-Fetch-Site: cross-site"
        );
        await refused;

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Single(victim.Verifications);
    }

    [Fact]
    public async Task Request_OfAForeignPage_IsLimited()
    {
        await using var hub = await StartHubAsync(o => o.RateLimit.PublishesPerMinute = 1);
        const string Ping = $"hub.mode=publish&hub.topic={Topic}";

        var first = await SendAsync(hub, HttpMethod.Post, "/hub", Ping, Form, "Origin: https://evil.example");
        var second = await SendAsync(hub, HttpMethod.Post, "/hub", Ping, Form, "Origin: https://evil.example");

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.TooManyRequests), (first, second));
    }

    /// <summary>Each request for which a local caller needs no key.</summary>
    private static async Task<List<(string What, HttpStatusCode Status)>> AskEverywhereAsync(HubHost hub, string headers)
    {
        var push = $"/hub?hub.mode=publish&hub.topic={Topic}";
        (string What, HttpMethod Method, string Path, string? Body, string Type)[] requests =
        [
            ("push", HttpMethod.Post, push, "content", "text/plain"),
            ("pushed form", HttpMethod.Post, push, "a=b", Form),
            ("ping", HttpMethod.Post, "/hub", $"hub.mode=publish&hub.topic={Topic}", Form),
            ("register", HttpMethod.Post, "/hub", $"hub.mode=register&hub.topic={Topic}", Form),
            ("deregister", HttpMethod.Post, "/hub", $"hub.mode=deregister&hub.topic={Topic}", Form),
            ("list", HttpMethod.Get, "/subscriptions?callback=https://subscriber.example/", null, ""),
            ("message", HttpMethod.Post, "/messages", PredicateClient.Message("UN.CEFACT.TRADE.CO"), "application/json"),
            ("status", HttpMethod.Patch, "/messages/none", """{"status":"accepted"}""", "application/json"),
        ];
        var statuses = new List<(string, HttpStatusCode)>();
        foreach (var (what, method, path, body, type) in requests)
            statuses.Add((what, await SendAsync(hub, method, path, body, type, headers)));
        return statuses;
    }

    private static async Task<HttpStatusCode> SendAsync(
        HubHost hub,
        HttpMethod method,
        string path,
        string? body,
        string type,
        string headers
    )
    {
        using var request = new HttpRequestMessage(method, hub.Origin + path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type));
        var own = new Uri(hub.Origin);
        foreach (var header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = (header[..header.IndexOf(':')], header[(header.IndexOf(':') + 2)..]);
            value = value.Replace("OWN", hub.Origin, StringComparison.Ordinal).Replace("PORT", $"{own.Port}", StringComparison.Ordinal);
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await hub.SendAsync(request);
        return response.StatusCode;
    }

    public sealed class OnSqlite() : LocalCallerTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : LocalCallerTests(server);
}
