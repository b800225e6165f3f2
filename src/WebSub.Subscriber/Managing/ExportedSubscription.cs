using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Managing;

/// <summary>A subscription in a file of <c>websub export</c>: everything, with secrets and callback keys.</summary>
internal sealed record ExportedSubscription
{
    public required Guid Id { get; init; }

    public required string Handler { get; init; }

    public string? Resource { get; init; }

    public string? Topic { get; init; }

    public string? Hub { get; init; }

    public WebSubSubscribeOptions Options { get; init; } = new();

    public required WebSubSubscriptionState State { get; init; }

    public string? Reason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public string? Declared { get; init; }

    public bool Resumes { get; init; }

    public Guid? Parent { get; init; }

    public long Received { get; init; }

    public DateTimeOffset? ReceivedAt { get; init; }

    public ConfirmedPart? Active { get; init; }

    public ConfirmedPart? Ended { get; init; }

    public IReadOnlyList<ConfirmedPart> Replaced { get; init; } = [];

    public PendingRequest? Pending { get; init; }

    public IReadOnlyList<CallbackRow> Callbacks { get; init; } = [];

    public static ExportedSubscription From(Subscription s, IReadOnlyList<CallbackRow> callbacks) =>
        new()
        {
            Id = s.Id,
            Handler = s.Handler,
            Resource = s.Target.ResourceUrl,
            Topic = s.Target.TopicName,
            Hub = s.Target.HubUrl,
            Options = s.Options,
            State = s.State,
            Reason = s.Reason,
            CreatedAt = s.CreatedAt,
            ChangedAt = s.ChangedAt,
            Declared = s.Declared,
            Resumes = s.Resumes,
            Parent = s.Parent,
            Received = s.Received,
            ReceivedAt = s.ReceivedAt,
            Active = s.Active,
            Ended = s.Ended,
            Replaced = s.Replaced,
            Pending = s.Pending,
            Callbacks = callbacks,
        };

    /// <summary>The same under the given handler name.</summary>
    /// <exception cref="ManagementException">It names neither a resource nor a topic, or both; or parts of it are missing.</exception>
    public Subscription ToSubscription(string handler)
    {
        if (State == WebSubSubscriptionState.Active && Active is null)
            throw new ManagementException($"The subscription {Id} in the file is active, but what its hub has confirmed is missing.");
        return new()
        {
            Id = Id,
            Handler = handler,
            Target = (Resource, Topic) switch
            {
                ({ Length: > 0 } resource, null) => WebSubTarget.Resource(resource),
                (null, { Length: > 0 } topic) => WebSubTarget.Topic(topic, Hub),
                _ => throw new ManagementException($"The subscription {Id} in the file must have either a resource or a topic."),
            },
            Options = Options,
            State = State,
            Reason = Reason,
            CreatedAt = CreatedAt,
            ChangedAt = ChangedAt,
            Declared = Declared,
            Resumes = Resumes,
            Parent = Parent,
            Received = Received,
            ReceivedAt = ReceivedAt,
            Active = Active,
            Ended = Ended,
            Replaced = Replaced,
            Pending = Pending,
        };
    }
}
