using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Hub;

namespace WebSub.EndToEnd.Tests.Dashboard;

/// <summary>The dashboard at another place of an app that has a path base of its own.</summary>
public sealed class DashboardPlaceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-place-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null, "/ops/hub")]
    [InlineData("/tools", "/ops/hub")]
    [InlineData("/tools", "/dashboard")]
    public async Task Pages_AtAnyPattern_BelowThePathBaseOfTheApp_AreLive_LeadToEachOther_AndAct(string? pathBase, string pattern)
    {
        await using var chromium = await Chromium.StartAsync();
        await using var app = await StartAsync(pathBase, pattern);
        await using var page = await chromium.OpenAsync();
        var complaints = page.Listen();
        var place = app.Urls.First() + pathBase + pattern;

        await page.GoToAsync(place);
        await page.IsLiveAsync();
        var first = page.Url;
        await page.PressAsync("nav a", "Origins");
        await page.SeesAsync("h1", "Origins");
        var second = page.Url;
        await page.TypeAsync(".filter input", "https://slow.example");
        await page.PressAsync(".filter button", "Pause");
        await page.SeesAsync("tbody", "https://slow.example");
        await page.GoToAsync(place + "/subscriptions/1-2");
        await page.IsLiveAsync();
        await page.SeesAsync("h1", "There is no such subscription");

        Assert.Equal((place + "/", place + "/origins"), (first, second));
        var log = await app.Services.GetRequiredService<IHubAdministration>().ListActionsAsync();
        Assert.Equal(HubActionKind.PauseOrigin, Assert.Single(log.Items).Kind);
        Assert.Empty(complaints);
    }

    private async Task<WebApplication> StartAsync(string? pathBase, string pattern)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddWebSubHub(o => o.ConnectionString = $"Data Source={_folder}/hub.db").AddDashboard();
        var app = builder.Build();
        if (pathBase is not null)
            app.UsePathBase(pathBase);
        app.UseRouting();
        app.MapWebSubHub();
        app.MapWebSubHubDashboard(pattern);
        await app.StartAsync();
        return app;
    }
}
