namespace WebSub.Subscriber.Handlers;

/// <summary>A named handler: queued, or inline if it decides the response.</summary>
/// <param name="Name">The name in callback URLs and settings.</param>
/// <param name="Queued">Runs a queued handler; null for an inline one.</param>
/// <param name="Inline">Runs an inline handler; null for a queued one.</param>
internal sealed record HandlerRegistration(
    string Name,
    Func<IServiceProvider, WebSubNotification, CancellationToken, Task>? Queued,
    Func<IServiceProvider, WebSubNotification, CancellationToken, ValueTask<WebSubReply>>? Inline
);
