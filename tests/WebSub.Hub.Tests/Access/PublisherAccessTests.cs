using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Access;

/// <summary>
/// Who may publish: keys and their scopes, local callers, the host's own policy. Every request here comes through a proxy, so it is
/// not local.
/// </summary>
public abstract class PublisherAccessTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed";

    [Theory]
    [Trait("Ref", "BH-13")]
    [InlineData("for everything", 202)]
    [InlineData("for publishing", 202)]
    [InlineData("for reading", 403)]
    [InlineData("unknown", 401)]
    [InlineData(null, 401)]
    public async Task Push_ByAStranger_NeedsAKeyForPublishing(string? key, int status)
    {
        await using var hub = await StartHubAsync(AddKeys);

        using var pushed = await SendAsync(hub, $"?hub.mode=publish&hub.topic={Topic}", "content", "text/plain", key);
        using var registered = await SendAsync(hub, "", $"hub.mode=register&hub.topic={Topic}", Form, key);

        Assert.Equal(status, (int)pushed.StatusCode);
        Assert.Equal(status == 202 ? 200 : status, (int)registered.StatusCode);
        Assert.Equal(status == 401, pushed.Headers.WwwAuthenticate.Count == 1);
        Assert.Equal(status == 401, registered.Headers.WwwAuthenticate.Count == 1);
    }

    [Theory]
    [Trait("Req", "H33")]
    [InlineData(PublishingPolicy.Open, null, 202)]
    [InlineData(PublishingPolicy.Open, "for reading", 202)]
    [InlineData(PublishingPolicy.Open, "unknown", 401)]
    [InlineData(PublishingPolicy.Authenticated, null, 401)]
    [InlineData(PublishingPolicy.Authenticated, "for reading", 403)]
    [InlineData(PublishingPolicy.Authenticated, "for publishing", 202)]
    [InlineData(PublishingPolicy.Registered, null, 202)]
    public async Task Ping_ByAStranger_IsWhatThePolicySays(PublishingPolicy policy, string? key, int status)
    {
        await using var hub = await StartHubAsync(o =>
        {
            AddKeys(o);
            o.Publishing.Policy = policy;
        });

        using var response = await SendAsync(hub, "", $"hub.mode=publish&hub.topic={Topic}", Form, key);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("publisher", 202)]
    [InlineData("reader", 401)]
    public async Task Push_ByAUserOfTheHost_IsWhatItsOwnPolicySays(string user, int status)
    {
        await using var hub = await HubHost.StartAsync(
            ConnectionString,
            o => o.Publishing.AuthorizationPolicy = "publishers",
            services: s =>
            {
                s.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>("test", null);
                s.AddAuthorization(a => a.AddPolicy("publishers", p => p.RequireUserName("publisher")));
                s.AddTransient<Microsoft.AspNetCore.Hosting.IStartupFilter, Authentication>();
            }
        );

        using var response = await SendAsync(hub, $"?hub.mode=publish&hub.topic={Topic}", "content", "text/plain", user);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(null, LocalCallers.Auto, 202)]
    [InlineData("http://localhost:5080/hub", LocalCallers.Auto, 202)]
    [InlineData("http://[::1]/hub", LocalCallers.Auto, 202)]
    [InlineData("https://hub.example/hub", LocalCallers.Auto, 401)]
    [InlineData("https://hub.example/hub", LocalCallers.Always, 202)]
    [InlineData(null, LocalCallers.Never, 401)]
    public async Task Push_ByALocalCaller_NeedsAKey_WhereAProxyMayStandBeforeTheHub(string? publicUrl, LocalCallers local, int status)
    {
        await using var hub = await StartHubAsync(o =>
        {
            o.PublicUrl = publicUrl is null ? null : new(publicUrl);
            o.LocalCallers = local;
            o.RateLimit.PublishesPerMinute = 1;
        });

        // As nginx with a plain proxy_pass sends it: nothing distinguishes it from a request made on this machine.
        var statuses = new List<int>();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{hub.Url}?hub.mode=publish&hub.topic={Topic}")
            {
                Content = new StringContent("content"),
            };
            using var response = await hub.SendAsync(request);
            statuses.Add((int)response.StatusCode);
        }

        // Nor are callers that are not local exempt from the rate limit.
        Assert.Equal([status, status == 202 ? 202 : 429], statuses);
    }

    [Theory]
    [InlineData(LocalCallers.Auto, "callers on this machine need a key like all others")]
    [InlineData(LocalCallers.Always, "lets everyone in")]
    public async Task Start_WithAPublicUrl_WarnsWhoIsLocal(LocalCallers local, string warning)
    {
        using var logs = new Diagnostics.LogList();

        await using var hub = await HubHost.StartAsync(
            ConnectionString,
            o => (o.PublicUrl, o.LocalCallers) = (new("https://hub.example/hub"), local),
            services: s => s.AddSingleton<ILoggerProvider>(logs)
        );

        var line = Assert.Single(logs.Lines, l => l.Text.Contains("https://hub.example/hub", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Contains(warning, line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ping_OfManyTopics_CountsEachOfThem()
    {
        await using var hub = await StartHubAsync(o => o.RateLimit.PublishesPerMinute = 10);
        var topics = string.Concat(Enumerable.Range(0, 6).Select(i => $"&hub.url=https://publisher.example/{i}"));

        using var first = await SendAsync(hub, "", $"hub.mode=publish{topics}", Form, null);
        using var second = await SendAsync(hub, "", $"hub.mode=publish{topics}", Form, null);

        Assert.Equal((202, 429), ((int)first.StatusCode, (int)second.StatusCode));
        Assert.NotNull(second.Headers.RetryAfter);
    }

    [Theory]
    [InlineData(null, 70_000, 401)]
    [InlineData(null, 100_000, 401)]
    [InlineData("for publishing", 70_000, 202)]
    [InlineData("for publishing", 100_000, 413)]
    public async Task PushedForm_OfAStranger_IsRefusedBeforeItIsReadAsContent(string? key, int size, int status)
    {
        await using var hub = await StartHubAsync(o =>
        {
            AddKeys(o);
            o.Publishing.MaxContentBytes = 80_000;
        });

        using var response = await SendAsync(hub, $"?hub.mode=publish&hub.topic={Topic}", "a=" + new string('x', size), Form, key);

        // 413 for a stranger would say that the hub has read up to the limit of content.
        Assert.Equal(status, (int)response.StatusCode);
    }

    private const string Form = "application/x-www-form-urlencoded";

    private static void AddKeys(HubOptions options)
    {
        options.ApiKeys["all"] = "for everything";
        options.ApiKeys["publisher"] = new ApiKey("for publishing") { Scopes = [ApiScope.Publish] };
        options.ApiKeys["reader"] = new ApiKey("for reading") { Scopes = [ApiScope.Read] };
    }

    [Theory]
    [InlineData("", 202)]
    [InlineData("x", 401)]
    public async Task Push_ByAStranger_OfABodyOfNoBytesWhoseLengthIsNotSaid_IsAPing(string body, int status)
    {
        await using var hub = await StartHubAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{hub.Url}?hub.mode=publish&hub.topic={Topic}");
        request.Content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("text/plain"));
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");

        using var response = await hub.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(HubHost hub, string query, string body, string contentType, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, hub.Url + query)
        {
            Content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue(contentType)),
        };
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        if (key is not null)
            request.Headers.Add("Authorization", $"Bearer {key}");
        return await hub.SendAsync(request);
    }

    // The key names the user.
    private sealed class HeaderAuthentication(
        IOptionsMonitor<AuthenticationSchemeOptions> options,
        ILoggerFactory loggers,
        System.Text.Encodings.Web.UrlEncoder encoder
    ) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var user = new ClaimsPrincipal(
                new ClaimsIdentity([new(ClaimTypes.Name, Request.Headers.Authorization.ToString()["Bearer ".Length..])], "test")
            );
            return Task.FromResult(AuthenticateResult.Success(new(user, "test")));
        }
    }

    private sealed class Authentication : Microsoft.AspNetCore.Hosting.IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app =>
            {
                app.UseAuthentication();
                next(app);
            };
    }

    public sealed class OnSqlite() : PublisherAccessTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : PublisherAccessTests(server);
}
