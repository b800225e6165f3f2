#pragma warning disable // Published as it is in docs/guides/embedding.md.
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Discovery;
using WebSub.Hub;
using WebSub.Predicates;
using WebSub.Subscriber;

namespace WebSub.HouseRules.Tests.Snippets;

internal static class EmbeddingSnippets
{
    public static void Snippet1(WebApplicationBuilder builder, WebApplication app)
    {
        builder.Services.AddWebSubHub();
        app.MapWebSubHub("/hub");
    }

    public static void Snippet2(WebApplication app, CancellationToken cancellationToken)
    {
        app.MapPost(
            "/posts",
            async (string text, IWebSubHub hub, CancellationToken cancellationToken) =>
                await hub.PublishAsync("https://blog.example/feed", Encoding.UTF8.GetBytes(text), "text/plain", cancellationToken)
        );
    }
}

public sealed class OurTopicsOnly : IWebSubValidator
{
    public ValueTask<WebSubValidation> ValidateAsync(WebSubValidationRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(
            request.Topic.StartsWith("https://blog.example/", StringComparison.Ordinal)
                ? WebSubValidation.Accept
                : WebSubValidation.Refuse("This hub serves blog.example only.")
        );
}
