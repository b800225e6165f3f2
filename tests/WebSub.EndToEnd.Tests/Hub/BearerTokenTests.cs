using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>Tokens of an identity provider, beside keys, for publishing and administration.</summary>
public sealed class BearerTokenTests
{
    private const string Audience = "websub";
    private static readonly HttpClient Http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_AllowsWhatItsScopesSay_IfItIsTheProvidersAndForThisHubAndValid()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var hub = await HubProcess.StartAsync(
            HubProcess.Sqlite,
            ("WebSub:Administration:Jwt:Authority", provider.Authority),
            ("WebSub:Administration:Jwt:Audience", Audience),
            ("WebSub:Administration:ApiKeys:Operator", "a.key.withdots"),
            ("WebSub:Administration:LocalCallers", "Never")
        );
        var (later, earlier) = (TimeProvider.System.GetUtcNow().AddHours(1), TimeProvider.System.GetUtcNow().AddHours(-1));
        var reads = provider.Token("openid read", Audience, later);
        var publishes = provider.Token("websub:publish", Audience, later);

        Assert.Equal(200, await GetAsync(hub, reads));
        Assert.Equal(403, await GetAsync(hub, publishes));
        Assert.Equal(403, await GetAsync(hub, provider.Token(null, Audience, later)));
        Assert.Equal(401, await GetAsync(hub, provider.Token("read", "another", later)));
        Assert.Equal(401, await GetAsync(hub, provider.Token("read", Audience, earlier)));
        Assert.Equal(401, await GetAsync(hub, provider.Token("read", Audience, later, isForged: true)));
        Assert.Equal(401, await GetAsync(hub, provider.Token("read", Audience, later, issuer: "https://issuer.example")));
        Assert.Equal(401, await GetAsync(hub, provider.Unsigned("read", Audience, later)));
        Assert.Equal(401, await GetAsync(hub, "not.a.token"));
        Assert.Equal(401, await GetAsync(hub, null));
        Assert.Equal(200, await GetAsync(hub, "a.key.withdots"));
        Assert.Equal(202, await PushAsync(hub, publishes));
        Assert.Equal(401, await PushAsync(hub, provider.Token("publish", Audience, earlier)));
        Assert.Equal(403, await PushAsync(hub, reads));
    }

    [Fact]
    public async Task Action_ByTheBearerOfAToken_IsInTheAuditLogWithItsSubject()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var hub = await HubProcess.StartAsync(
            HubProcess.Sqlite,
            ("WebSub:Administration:Jwt:Authority", provider.Authority),
            ("WebSub:Administration:Jwt:Audience", Audience)
        );
        var token = provider.Token("read administer", Audience, TimeProvider.System.GetUtcNow().AddHours(1));

        using var pause = Request(hub, HttpMethod.Post, "/api/v1/origins/pause", token);
        pause.Content = JsonContent.Create(new { origin = "https://subscriber.example" });
        using var answer = await Http.SendAsync(pause, Cancelled);
        using var read = Request(hub, HttpMethod.Get, "/api/v1/actions", token);
        using var log = await Http.SendAsync(read, Cancelled);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var action = Assert.Single(JsonNode.Parse(await log.Content.ReadAsStringAsync(Cancelled))!["items"]!.AsArray());
        Assert.Equal("jwt:ada", (string)action!["requestedBy"]!);
    }

    private static async Task<int> GetAsync(HubProcess hub, string? token)
    {
        using var request = Request(hub, HttpMethod.Get, "/api/v1/topics", token);
        using var answer = await Http.SendAsync(request, Cancelled);
        return (int)answer.StatusCode;
    }

    private static async Task<int> PushAsync(HubProcess hub, string token)
    {
        using var request = Request(hub, HttpMethod.Post, "/hub?hub.mode=publish&hub.topic=https%3A%2F%2Fblog.example%2Ffeed", token);
        request.Content = new StringContent("news", Encoding.UTF8, "text/plain");
        using var answer = await Http.SendAsync(request, Cancelled);
        return (int)answer.StatusCode;
    }

    private static HttpRequestMessage Request(HubProcess hub, HttpMethod method, string path, string? token)
    {
        var request = new HttpRequestMessage(method, hub.Origin + path);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        return request;
    }
}
