#pragma warning disable // Published as it is in README.md and docs/.
using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebSub.Hub;
using WebSub.Publisher;
using WebSub.Subscriber;
using WebSub.Subscriber.Wolverine;

namespace WebSub.HouseRules.Tests.Snippets;

internal static class EarlierPagesSnippets
{
    // README.md
    public static void Subscriber(WebApplicationBuilder builder)
    {
        builder
            .Services.AddWebSubSubscriber()
            .AddHandler("news", (notification, cancellationToken) => Console.Out.WriteLineAsync(notification.Text))
            .AddSubscription("https://blog.example/", handler: "news");
        var app = builder.Build();
        app.MapWebSubCallbacks();
    }

    // docs/guides/from-websubsub.md
    public static async Task<int> FromWebsubsub(WebApplicationBuilder builder, string[] args)
    {
        builder
            .Services.AddWebSubSubscriber(o => o.PublicUrl = new("https://example.com")) // WEBSUBSUB_OWN_ROOTURL
            .AddHandler<PostsHandler>("posts")
            .AddHandler<AuditHandler>("audit");
        var app = builder.Build();
        app.MapWebSubCallbacks();
        return await app.RunWithWebSubCommandsAsync(args); // WebSub.Subscriber.CommandLine
    }

    // docs/guides/hub-health.md
    public static void Health(WebApplicationBuilder builder, WebApplication app)
    {
        builder.Services.AddHealthChecks().AddWebSubSubscriber();
        app.MapHealthChecks("/health");
    }

    // docs/guides/publishing.md
    public static async Task InATransactionAsync(DbConnection connection, IWebSubPublisher publisher, object post)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await SavePostAsync(post, transaction);
        await publisher.PublishAsync(["/feed"], transaction);
        await transaction.CommitAsync();
    }

    // docs/guides/workers.md
    public static async Task WorkerAsync(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddWebSubSubscriber().AddHandler<NewsHandler>("news");
        await builder.Build().RunAsync();
    }

    // docs/reference/hub-http.md
    public static async Task FromCodeAsync(IWebSubHub hub, ReadOnlyMemory<byte> bytes, string callback)
    {
        await hub.PublishAsync("https://blog.example/feed", bytes, "application/atom+xml"); // returns once it is stored
        await hub.PingAsync("https://blog.example/feed");
        await hub.RevokeAsync("https://blog.example/feed", callback, "Your plan has ended."); // sends hub.mode=denied to the callback
    }

    // docs/reference/subscriber-commands.md
    public static async Task<int> CommandsAsync(WebApplication app, string[] args)
    {
        return await app.RunWithWebSubCommandsAsync(args); // instead of app.Run()
    }

    private static Task SavePostAsync(object post, DbTransaction transaction) => Task.CompletedTask;
}

// docs/guides/workers.md
public static class NewsConsumer
{
    public static async Task HandleAsync(WebSubNotificationReceived message, News news, CancellationToken cancellationToken)
    {
        var feed = message.ToNotification(message.Body!).ReadFeed();
        await news.AddAsync(message.Id, feed, cancellationToken);
    }
}

// docs/reference/hub-http.md
internal sealed class MembersOnly(Members members) : IWebSubValidator
{
    public async ValueTask<WebSubValidation> ValidateAsync(WebSubValidationRequest request, CancellationToken cancellationToken) =>
        await members.MayReadAsync(request.Topic, request.Headers.Authorization, cancellationToken)
            ? WebSubValidation.Accept
            : WebSubValidation.Refuse("That topic is for members."); // 403; Deny: 202, then hub.mode=denied; Redirect: another hub
}

internal sealed class Subscribers(ILogger<Subscribers> logger) : IWebSubHubEvents
{
    public Task OnChangedAsync(WebSubHubChange change, CancellationToken cancellationToken)
    {
        logger.LogInformation("{Kind}: {Callback} of {Topic}", change.Kind, change.Callback, change.Topic);
        return Task.CompletedTask;
    }
}
