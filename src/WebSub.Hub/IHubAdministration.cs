namespace WebSub.Hub;

/// <summary>
/// The hub as its operator sees it. Lists come in pages by key, so they stay stable while the hub works. An action is stored first and
/// carried out then, by whichever node comes to it: what has been stored survives the end of a process.
/// </summary>
/// <remarks>A wrong argument is a <see cref="HubFieldException"/> that names it.</remarks>
public interface IHubAdministration
{
    /// <summary>How the hub is doing, and what is wrong. However many ask, the database is asked once in two seconds.</summary>
    Task<HubOverview> GetOverviewAsync(CancellationToken cancellationToken = default);

    /// <summary>The topics.</summary>
    Task<HubPage<HubTopic>> ListTopicsAsync(
        HubTopicFilter? filter = null,
        HubPaging? paging = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>A topic; null if there is none with this id.</summary>
    Task<HubTopic?> FindTopicAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>The entries of a topic's log that are kept, the newest first; null if there is no topic with this id.</summary>
    Task<HubPage<HubEntry>?> ListEntriesAsync(string topicId, HubPaging? paging = null, CancellationToken cancellationToken = default);

    /// <summary>An entry with the beginning of its content; null if there is none, or it is no longer kept.</summary>
    /// <param name="topicId">The topic's id.</param>
    /// <param name="sequence">The number of the entry.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<HubEntry?> FindEntryAsync(string topicId, long sequence, CancellationToken cancellationToken = default);

    /// <summary>The subscriptions.</summary>
    Task<HubPage<HubSubscription>> ListSubscriptionsAsync(
        HubSubscriptionFilter? filter = null,
        HubPaging? paging = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>The subscriptions that are behind, those with most to get first.</summary>
    /// <param name="topic">Only those of this topic, byte for byte.</param>
    /// <param name="limit">How many at most, from 1 to 1,000.</param>
    /// <param name="longestFirst">True for those first that have been behind for longest.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<HubSubscription>> ListFurthestBehindAsync(
        string? topic = null,
        int limit = HubPaging.UsualLimit,
        bool longestFirst = false,
        CancellationToken cancellationToken = default
    );

    /// <summary>A subscription; null if there is none with this id.</summary>
    Task<HubSubscription?> FindSubscriptionAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>
    /// The last twenty attempts of a subscription that this node remembers, the newest first; null if there is none with this id. Since it
    /// started, a node remembers the last 8,192 attempts that failed and as many that were accepted, of all subscriptions together.
    /// </summary>
    /// <param name="subscriptionId">The subscription's id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<HubAttempt>?> ListAttemptsAsync(string subscriptionId, CancellationToken cancellationToken = default);

    /// <summary>The predicate subscriptions whose lease runs.</summary>
    Task<HubPage<HubPattern>> ListPatternsAsync(
        HubPatternFilter? filter = null,
        HubPaging? paging = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>The requests that have not been decided, and why they wait.</summary>
    Task<HubPage<HubRequest>> ListRequestsAsync(HubPaging? paging = null, CancellationToken cancellationToken = default);

    /// <summary>The dead letters.</summary>
    Task<HubPage<HubDeadLetter>> ListDeadLettersAsync(
        HubDeadLetterFilter? filter = null,
        HubPaging? paging = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>The lanes and who holds them.</summary>
    /// <param name="topic">Only those of this topic, byte for byte.</param>
    /// <param name="paging">Which page; null for the first.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<HubPage<HubLane>> ListLanesAsync(string? topic = null, HubPaging? paging = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// The origins that are paused, that are silent or being sent to at this node, or that did not accept everything within the last hour,
    /// in the order of their names. Of an hour, this node counts attempts for at most 10,000 origins, and adds what each other node counted
    /// for the 1,000 of a time that failed most there.
    /// </summary>
    Task<HubPage<HubOrigin>> ListOriginsAsync(HubPaging? paging = null, CancellationToken cancellationToken = default);

    /// <summary>This node, and those that hold lanes.</summary>
    Task<IReadOnlyList<HubNodeState>> ListNodesAsync(CancellationToken cancellationToken = default);

    /// <summary>The audit log, from the oldest action to the newest.</summary>
    /// <param name="paging">Which page; null for the first.</param>
    /// <param name="newestFirst">True for the other way round.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<HubPage<HubAction>> ListActionsAsync(
        HubPaging? paging = null,
        bool newestFirst = false,
        CancellationToken cancellationToken = default
    );

    /// <summary>An action; null if there is none with this id.</summary>
    Task<HubAction?> FindActionAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Why a subscriber did or did not get an update.</summary>
    /// <param name="topic">The topic, or the predicate of messages, byte for byte.</param>
    /// <param name="callback">The callback, byte for byte.</param>
    /// <param name="update">The update: its delivery id, or its number in the topic's log; null for the newest.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="HubFieldException">The update is neither of that, or not one of this topic.</exception>
    Task<HubExplanation> ExplainAsync(string topic, string callback, string? update = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// The same for a subscription, whose callback may have a query that is never shown; null if there is none with this id.
    /// </summary>
    /// <param name="id">The subscription's id.</param>
    /// <param name="topic">Another topic or a predicate, byte for byte; null for the subscription's own.</param>
    /// <param name="update">The update: its delivery id, or its number in the topic's log; null for the newest.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="HubFieldException">The update is neither of that, or not one of this topic.</exception>
    Task<HubExplanation?> ExplainSubscriptionAsync(
        string id,
        string? topic = null,
        string? update = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>
    /// Stores what is to be done, and returns it. Null if there is no such topic, subscription or dead letter: then nothing is stored.
    /// </summary>
    Task<HubAction?> RequestAsync(HubActionRequest request, CancellationToken cancellationToken = default);

    /// <summary>The keys in the order of their names: those of the settings and those that were created, also disabled ones.</summary>
    Task<HubPage<HubKey>> ListKeysAsync(HubPaging? paging = null, CancellationToken cancellationToken = default);

    /// <summary>Creates a key. Null if there is, or was, one with its name: then nothing is stored.</summary>
    Task<HubNewKey?> CreateKeyAsync(HubKeyRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Disables a key for good; other nodes refuse it within about a second. Null if no key with this name was created here: those of the
    /// settings are disabled by taking them out there. One that is disabled stays as it is.
    /// </summary>
    /// <param name="name">The name of the key.</param>
    /// <param name="by">Who asks, for the audit log.</param>
    /// <param name="reason">The reason, for the audit log.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<HubKey?> DisableKeyAsync(string name, string by, string? reason = null, CancellationToken cancellationToken = default);
}
