#pragma warning disable // Published as it is in docs/operations/dashboard.md.
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace WebSub.HouseRules.Tests.Snippets;

internal static class DashboardSnippets
{
    public static void Snippet1(WebApplicationBuilder builder)
    {
        builder.Services.AddWebSubHub().AddDashboard();
        var app = builder.Build();
        app.MapWebSubHub("/hub");
        app.MapWebSubHubDashboard("/dashboard");
    }
}
