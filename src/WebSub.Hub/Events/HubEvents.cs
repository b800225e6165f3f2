using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Work;

namespace WebSub.Hub.Events;

/// <summary>Passes changes to subscriptions on to the host's <see cref="IWebSubHubEvents"/>.</summary>
internal sealed class HubEvents(
    IServiceScopeFactory scopes,
    IServiceProviderIsService known,
    TopicStore topics,
    HubClock time,
    ILogger<HubEvents> logger
) : EventFeed<HubEvents.Pending, IWebSubHubEvents>(scopes, known, logger)
{
    public void Tell(WebSubHubChangeKind kind, string topic, string callback, string? reason = null) =>
        Tell(kind, topic, null, callback, reason);

    public void Tell(WebSubHubChangeKind kind, TopicId topicId, string callback, string? reason = null) =>
        Tell(kind, null, topicId, callback, reason);

    /// <inheritdoc/>
    protected override async Task<Pending> CompleteAsync(Pending change) =>
        change.TopicId is not { } topicId
            ? change
            : change with
            {
                Change = change.Change with { Topic = await topics.FindUrlAsync(topicId, default) },
            };

    /// <inheritdoc/>
    protected override Task TellAsync(IWebSubHubEvents listener, Pending change) =>
        listener.OnChangedAsync(change.Change, CancellationToken.None);

    /// <inheritdoc/>
    protected override string NameOf(Pending change) => $"{change.Change.Kind} of {change.Change.Callback}";

    private void Tell(WebSubHubChangeKind kind, string? topic, TopicId? topicId, string callback, string? reason) =>
        Add(
            new(
                new()
                {
                    Kind = kind,
                    Topic = topic,
                    Callback = callback,
                    Reason = reason,
                    At = time.GetUtcNow(),
                },
                topicId
            )
        );

    /// <summary>A change, with the id of its topic if the topic still has to be looked up.</summary>
    internal sealed record Pending(WebSubHubChange Change, TopicId? TopicId);
}
