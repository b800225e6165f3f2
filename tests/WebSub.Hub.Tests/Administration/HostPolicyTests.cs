using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Http;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Administration;

/// <summary>An app that embeds a hub decides by itself who administers it, or whose tokens count beside keys.</summary>
public sealed class HostPolicyTests : OnBothDatabases
{
    private const string Scheme = "staff";
    private static readonly HttpClient Http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

    public HostPolicyTests()
        : base(null)
    {
        // SQLite: the database has no part in it.
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Administration_WithAPolicyOfTheApp_IsForWhoeverItAllows_AndForNobodyElse()
    {
        await using var app = await StartAsync(
            o => o.ApiKeys["Everything"] = "a key",
            api => api.RequireAuthorization(p => p.AddAuthenticationSchemes(Scheme).RequireClaim("role", "operator"))
        );

        // A local caller and a key are nobody to the policy.
        Assert.Equal(401, await PauseAsync(app, null));
        Assert.Equal(401, await PauseAsync(app, "Bearer a key"));
        Assert.Equal(403, await PauseAsync(app, "Staff guest"));
        Assert.Equal(202, await PauseAsync(app, "Staff operator"));
        Assert.Equal(["Ada"], await RequestersAsync(app, "Staff operator"));
    }

    [Fact]
    public async Task Administration_WithASchemeOfTheApp_TakesItsTokensBesideKeys()
    {
        await using var app = await StartAsync(
            o =>
            {
                o.Jwt.Scheme = Scheme;
                o.Jwt.ScopeClaim = "role";
                o.LocalCallers = LocalCallers.Never;
                o.ApiKeys["Everything"] = "a key";
            },
            _ => { }
        );

        Assert.Equal(401, await PauseAsync(app, null));
        Assert.Equal(403, await PauseAsync(app, "Bearer a.guest.token"));
        Assert.Equal(202, await PauseAsync(app, "Bearer an.administer.token"));
        Assert.Equal(202, await PauseAsync(app, "Bearer a key"));
        Assert.Equal(["jwt:Ada", "Everything"], await RequestersAsync(app, "Bearer a key"));
    }

    [Fact]
    public async Task Authority_InAnAppThatNamesNoScheme_StopsTheStart()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            StartAsync(o => (o.Jwt.Authority, o.Jwt.Audience) = (new("http://issuer.example"), null), _ => { })
        );

        Assert.Contains(fault.Failures, f => f.Contains("Jwt:Authority and Audience must both be set", StringComparison.Ordinal));
        Assert.Contains(fault.Failures, f => f.Contains("it must be https", StringComparison.Ordinal));
        Assert.Contains(fault.Failures, f => f.Contains("HubOptions.Jwt.Scheme", StringComparison.Ordinal));
    }

    private async Task<WebApplication> StartAsync(Action<HubOptions> configure, Action<IEndpointConventionBuilder> protect)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddWebSubHub(o =>
        {
            o.ConnectionString = ConnectionString;
            configure(o);
        });
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, Staff>(Scheme, null);
        builder.Services.AddAuthorization();
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapWebSubHub();
        protect(app.MapWebSubAdministration());
        try
        {
            await app.StartAsync(Cancelled);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return app;
    }

    private static async Task<int> PauseAsync(WebApplication app, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, app.Urls.First() + "/api/v1/origins/pause")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { origin = "https://a.example" }),
        };
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await Http.SendAsync(request, Cancelled);
        return (int)answer.StatusCode;
    }

    private static async Task<IEnumerable<string>> RequestersAsync(WebApplication app, string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, app.Urls.First() + "/api/v1/actions");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await Http.SendAsync(request, Cancelled);
        var page = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;
        return page["items"]!.AsArray().Select(a => (string)a!["requestedBy"]!);
    }

    /// <summary>Ada, with the role that the request names: the second word, or the second part of a token.</summary>
    private sealed class Staff(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var words = Request.Headers.Authorization.ToString().Split(' ', '.');
            var isOurs = words[0] == "Staff" || words.Length == 4;
            if (!isOurs)
                return Task.FromResult(AuthenticateResult.NoResult());
            var role = words.Length == 4 ? words[2] : words[1];
            var identity = new ClaimsIdentity([new(ClaimTypes.Name, "Ada"), new("role", role)], Scheme.Name);
            return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(identity), Scheme.Name)));
        }
    }
}
