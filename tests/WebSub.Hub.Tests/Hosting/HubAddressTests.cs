using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Hub.Hosting;
using Xunit;

namespace WebSub.Hub.Tests.Hosting;

public sealed class HubAddressTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-hub-").FullName;

    [Theory]
    [InlineData(null, "/hub", "/hub")]
    [InlineData(null, "hub", "/hub")]
    [InlineData("/tenants/one", "/hub", "/tenants/one/hub")]
    [InlineData("tenants", "hub", "/tenants/hub")]
    public async Task PublicUrl_NotSet_IsTheListeningAddressAndTheWholePath(string? group, string pattern, string path)
    {
        await using var app = Build(e => (group is null ? e : e.MapGroup(group)).MapWebSubHub(pattern));

        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(app.Urls.First() + path, app.Services.GetRequiredService<HubAddress>().PublicUrl);
    }

    [Fact]
    public async Task PublicUrl_NotSet_AndThePathHasParameters_StopsTheStart()
    {
        await using var app = Build(e => e.MapGroup("/{tenant}").MapWebSubHub());

        var fault = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("/{tenant}/hub", fault.Message, StringComparison.Ordinal);
        Assert.Contains("WebSub:Hub:PublicUrl", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private WebApplication Build(Action<IEndpointRouteBuilder> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddWebSubHub(o => o.ConnectionString = $"Data Source={Path.Combine(_folder, "hub.db")}");
        var app = builder.Build();
        map(app);
        return app;
    }
}
