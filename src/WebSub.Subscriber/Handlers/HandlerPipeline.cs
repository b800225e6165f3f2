using Microsoft.Extensions.DependencyInjection;

namespace WebSub.Subscriber.Handlers;

/// <summary>Runs a handler within the app's filters.</summary>
internal static class HandlerPipeline
{
    public static async ValueTask<WebSubReply> RunAsync(
        HandlerRegistration handler,
        IServiceProvider services,
        WebSubNotification notification,
        CancellationToken cancellationToken
    )
    {
        Func<ValueTask<WebSubReply>> next = () => CallAsync(handler, services, notification, cancellationToken);
        foreach (var filter in services.GetServices<IWebSubFilter>().Reverse())
        {
            var inner = next;
            next = () => filter.InvokeAsync(notification, inner, cancellationToken);
        }

        var reply = await next();
        return notification.IsGone ? WebSubReply.Gone : reply;
    }

    private static async ValueTask<WebSubReply> CallAsync(
        HandlerRegistration handler,
        IServiceProvider services,
        WebSubNotification notification,
        CancellationToken cancellationToken
    )
    {
        if (handler.Inline is { } inline)
            return await inline(services, notification, cancellationToken);
        await handler.Queued!(services, notification, cancellationToken);
        return WebSubReply.Accept;
    }
}
