using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Hub;

namespace WebSub.EndToEnd.Tests.Dashboard;

/// <summary>The dashboard in an app that decides by itself who operates its hub.</summary>
public sealed class DashboardPolicyTests : IDisposable
{
    private const string Scheme = "staff";
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-policy-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("guest", HttpStatusCode.Forbidden)]
    [InlineData("operator", HttpStatusCode.OK)]
    public async Task Page_WithAPolicyOfTheApp_IsForWhoeverItAllows_AlsoOnThisMachine(string? role, HttpStatusCode expected)
    {
        await using var app = await StartAsync();
        using var browser = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

        foreach (var path in (string[])["", "topics", "sign-in"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{app.Urls.First()}/dashboard/{path}");
            if (role is not null)
                request.Headers.Add("Cookie", "staff=" + role);
            using var answer = await browser.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(expected, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Action_OfWhomThePolicyAllows_IsDone_AndInTheAuditLogWithTheName()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var app = await StartAsync();
        await using var page = await chromium.OpenAsync();
        var complaints = page.Listen();
        await page.SetCookieAsync(
            new PuppeteerSharp.CookieParam
            {
                Name = "staff",
                Value = "operator",
                Url = app.Urls.First(),
            }
        );

        await page.GoToAsync(app.Urls.First() + "/dashboard/origins");
        await page.IsLiveAsync();
        await page.TypeAsync(".filter input", "https://slow.example");
        await page.PressAsync(".filter button", "Pause");
        await page.SeesAsync("tbody", "https://slow.example");
        await page.SeesAsync(".who", "Ada");

        var log = await app.Services.GetRequiredService<IHubAdministration>().ListActionsAsync();
        var action = Assert.Single(log.Items);
        Assert.Equal((HubActionKind.PauseOrigin, "Ada"), (action.Kind, action.RequestedBy));
        Assert.Empty(complaints);
    }

    private async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddWebSubHub(o => o.ConnectionString = $"Data Source={_folder}/hub.db").AddDashboard();
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, Staff>(Scheme, null);
        builder.Services.AddAuthorization();
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapWebSubHub();
        app.MapWebSubHubDashboard().RequireAuthorization(p => p.AddAuthenticationSchemes(Scheme).RequireClaim("role", "operator"));
        await app.StartAsync();
        return app;
    }

    /// <summary>Ada, with the role that her cookie names.</summary>
    private sealed class Staff(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (!Request.Cookies.TryGetValue("staff", out var role))
                return Task.FromResult(AuthenticateResult.NoResult());
            var identity = new ClaimsIdentity([new(ClaimTypes.Name, "Ada"), new("role", role)], Scheme.Name);
            return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(identity), Scheme.Name)));
        }
    }
}
