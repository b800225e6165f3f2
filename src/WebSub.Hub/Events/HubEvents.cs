using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Work;

namespace WebSub.Hub.Events;

/// <summary>Passes what happens in this process on to the host's <see cref="IWebSubHubEvents"/>, in numbered order.</summary>
internal sealed class HubEvents(
    IServiceScopeFactory scopes,
    IServiceProviderIsService known,
    TopicStore topics,
    OperatorStore operators,
    HubClock time,
    ILogger<HubEvents> logger
) : EventFeed<HubEvents.Pending, IWebSubHubEvents>(scopes, known, logger)
{
    private readonly Lock _order = new();
    private long _sequence;

    public void Tell(WebSubHubChangeKind kind, string? topic, string callback, string? reason = null) =>
        Tell(kind, topic, null, callback, reason);

    public void Tell(WebSubHubChangeKind kind, TopicId topicId, string callback, string? reason = null) =>
        Tell(kind, null, topicId, callback, reason);

    /// <summary>Tells of an entry of a topic's log that has been committed.</summary>
    public void TellUpdate(TopicId topicId, WebSubHubUpdate update) =>
        Add(
            update.DeliveryId!,
            async sequence =>
            {
                var topic = await topics.FindUrlAsync(topicId, default);
                return l => l.OnPublishedAsync(update with { Sequence = sequence, Topic = topic ?? update.Topic }, default);
            }
        );

    /// <summary>Tells of a message that has been committed.</summary>
    public void TellMessage(WebSubHubUpdate message) =>
        Add(message.Topic, sequence => Task.FromResult<Telling>(l => l.OnPublishedAsync(message with { Sequence = sequence }, default)));

    /// <summary>Tells of a fetch that failed.</summary>
    public void TellFailedFetch(WebSubHubFailedFetch failed) =>
        Add(
            $"failed fetch of {failed.Topic}",
            sequence => Task.FromResult<Telling>(l => l.OnFetchFailedAsync(failed with { Sequence = sequence }, default))
        );

    /// <summary>Tells of an action that has been carried out.</summary>
    public void TellAction(long id) =>
        Add(
            $"action {id}",
            async sequence =>
            {
                var found = await operators.ActionsAsync(id, 0, 1, default);
                return l =>
                    found is [var action] ? l.OnActionAsync(new() { Sequence = sequence, Action = action }, default) : Task.CompletedTask;
            }
        );

    /// <inheritdoc/>
    protected override async Task<Pending> CompleteAsync(Pending change) => change with { Telling = await change.Prepare(change.Sequence) };

    /// <inheritdoc/>
    protected override Task TellAsync(IWebSubHubEvents listener, Pending change) => change.Telling!(listener);

    /// <inheritdoc/>
    protected override string NameOf(Pending change) => change.Name;

    private void Tell(WebSubHubChangeKind kind, string? topic, TopicId? topicId, string callback, string? reason)
    {
        var at = time.GetUtcNow();
        Add(
            $"{kind} of {callback}",
            async sequence =>
            {
                var change = new WebSubHubChange
                {
                    Sequence = sequence,
                    Kind = kind,
                    Topic = topicId is { } id ? await topics.FindUrlAsync(id, default) : topic,
                    Callback = callback,
                    Reason = reason,
                    At = at,
                };
                return l => l.OnChangedAsync(change, default);
            }
        );
    }

    // The number and the place in the queue are given together, so that what is told has rising numbers.
    private void Add(string name, Func<long, Task<Telling>> prepare)
    {
        if (!IsHeard)
            return;
        lock (_order)
            Add(new Pending(name, ++_sequence, prepare));
    }

    /// <summary>Tells a listener.</summary>
    internal delegate Task Telling(IWebSubHubEvents listener);

    /// <summary>What is to be told.</summary>
    /// <param name="Name">What the log calls it.</param>
    /// <param name="Sequence">Its number.</param>
    /// <param name="Prepare">Looks up what was not known when it happened.</param>
    internal sealed record Pending(string Name, long Sequence, Func<long, Task<Telling>> Prepare)
    {
        /// <summary>Set once that has been looked up.</summary>
        public Telling? Telling { get; init; }
    }
}
