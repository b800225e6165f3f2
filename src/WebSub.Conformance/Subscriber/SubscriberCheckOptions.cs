namespace WebSub.Conformance.Subscriber;

/// <summary>How a subscriber is made to subscribe, and how patiently it is checked.</summary>
public sealed record SubscriberCheckOptions
{
    /// <summary>
    /// Has the subscriber subscribe to the topic at this URL; called once for each topic of the check. It returns null, or a sentence on
    /// why that failed. It may go on for as long as the subscription is to live: the token is cancelled when the check has ended.
    /// </summary>
    public required Func<string, CancellationToken, Task<string?>> Subscribe { get; init; }

    /// <summary>
    /// Has the subscriber end its subscription to the topic at this URL; returns null, or a sentence on why that failed. Default: none, and
    /// what comes after an unsubscribe is not checked.
    /// </summary>
    public Func<string, CancellationToken, Task<string?>>? Unsubscribe { get; init; }

    /// <summary>
    /// A text in which every update shows that the subscriber has received of the topic at this URL and taken for genuine. Default: none,
    /// and whether an update is ignored that was answered 2xx is not checked.
    /// </summary>
    public Func<string, CancellationToken, Task<string>>? Received { get; init; }

    /// <summary>The port that the topics and the hub listen on; 0, the default, takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Where the subscriber reaches that port; by default it is on this machine and loopback will do.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>True lets callbacks be at private and loopback addresses. Default: false.</summary>
    public bool AllowPrivateNetworks { get; init; }

    /// <summary>The ids of the checks to run; all by default.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>True grants a short lease and waits for its renewal. Default: false.</summary>
    public bool IncludeLong { get; init; }

    /// <summary>That lease. Default: two minutes.</summary>
    public TimeSpan ShortLease { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the subscriber has, from when it is told of a topic, to ask the hub. Default: a minute.</summary>
    public TimeSpan SubscribePatience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an answer of a callback may take. Default: 15 seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the subscriber has to take note of an answer before the hub goes on. Default: half a second.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(0.5);
}
