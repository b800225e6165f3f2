#pragma warning disable // What published snippets take for granted in an app.
using WebSub.Subscriber;

namespace WebSub.HouseRules.Tests.Snippets;

public interface INews
{
    Task AddAsync(string? id, string? title, string? link, CancellationToken cancellationToken);
}

public sealed class News
{
    public Task AddAsync(object id, WebSubFeed feed, CancellationToken cancellationToken) => Task.CompletedTask;
}

public sealed class Members
{
    public Task<bool> MayReadAsync(string topic, string? authorization, CancellationToken cancellationToken) => Task.FromResult(true);
}

public sealed class VideoHandler : IWebSubHandler
{
    public Task HandleAsync(WebSubNotification notification, CancellationToken cancellationToken) => Task.CompletedTask;
}

public sealed class PostsHandler : IWebSubHandler
{
    public Task HandleAsync(WebSubNotification notification, CancellationToken cancellationToken) => Task.CompletedTask;
}

public sealed class AuditHandler : IWebSubHandler
{
    public Task HandleAsync(WebSubNotification notification, CancellationToken cancellationToken) => Task.CompletedTask;
}
