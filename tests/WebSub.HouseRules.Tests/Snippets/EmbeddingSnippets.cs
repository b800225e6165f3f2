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

public sealed class Journal(ILogger<Journal> logger) : IWebSubHubEvents
{
    public Task OnPublishedAsync(WebSubHubUpdate update, CancellationToken cancellationToken)
    {
        logger.LogInformation("{Sequence}: {DeliveryId} of {Topic} is stored", update.Sequence, update.DeliveryId, update.Topic);
        return Task.CompletedTask;
    }

    public Task OnChangedAsync(WebSubHubChange change, CancellationToken cancellationToken)
    {
        logger.LogInformation("{Sequence}: {Kind}, {Callback} of {Topic}", change.Sequence, change.Kind, change.Callback, change.Topic);
        return Task.CompletedTask;
    }

    public Task OnActionAsync(WebSubHubCompletedAction completed, CancellationToken cancellationToken)
    {
        var action = completed.Action;
        logger.LogInformation(
            "{Sequence}: {By} did {Kind} on {Target}",
            completed.Sequence,
            action.RequestedBy,
            action.Kind,
            action.Target
        );
        return Task.CompletedTask;
    }
}
