using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace WebSub.Subscriber.Tests.Callbacks;

public sealed class MapWebSubCallbacksTests
{
    [Fact]
    public async Task Map_WithoutServices_NamesTheMissingCall()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        var e = Assert.Throws<InvalidOperationException>(() => app.MapWebSubCallbacks());

        Assert.Contains("AddWebSubSubscriber", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/websub", "/websub/{handler}/{key}")]
    [InlineData("/", "/{handler}/{key}")]
    [InlineData("/a/b/", "/a/b/{handler}/{key}")]
    public async Task Map_WithPrefix_IsAnonymousAtItsRoute(string prefix, string route)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["WebSub:Subscriber:PublicUrl"] = "https://example.com";
        builder.Configuration["WebSub:Subscriber:CallbackPrefix"] = prefix;
        builder.Services.AddWebSubSubscriber();
        await using var app = builder.Build();

        app.MapWebSubCallbacks().WithMetadata("of the app");

        var endpoint = Assert.IsType<RouteEndpoint>(Assert.Single(((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints)));
        Assert.Equal(route, endpoint.RoutePattern.RawText);
        Assert.NotNull(endpoint.Metadata.GetMetadata<IAllowAnonymous>());
        Assert.NotNull(endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>());
        Assert.Equal("of the app", endpoint.Metadata.GetMetadata<string>());
    }
}
