#pragma warning disable // Published as it is in docs/guides/handlers.md.
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

internal static class HandlersSnippets { }

public sealed class NewsHandler(INews news) : IWebSubHandler
{
    public async Task HandleAsync(WebSubNotification notification, CancellationToken cancellationToken)
    {
        foreach (var entry in notification.ReadFeed().Entries)
            await news.AddAsync(entry.Id, entry.Title, entry.Link, cancellationToken);
    }
}

public sealed class Gatekeeper : IWebSubInlineHandler
{
    public ValueTask<WebSubReply> HandleAsync(WebSubNotification notification, CancellationToken cancellationToken) =>
        ValueTask.FromResult(notification.Body.Length > 0 ? WebSubReply.Accept : WebSubReply.Reject(422));
}

public sealed class Timed(ILogger<Timed> logger) : IWebSubFilter
{
    public async ValueTask<WebSubReply> InvokeAsync(
        WebSubNotification notification,
        Func<ValueTask<WebSubReply>> next,
        CancellationToken cancellationToken
    )
    {
        var begin = Stopwatch.GetTimestamp();
        var reply = await next();
        logger.LogInformation("{Topic} took {Elapsed}", notification.Topic, Stopwatch.GetElapsedTime(begin));
        return reply;
    }
}
