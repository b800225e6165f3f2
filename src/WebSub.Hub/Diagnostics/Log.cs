using WebSub.Work;

namespace WebSub.Hub.Diagnostics;

/// <summary>The hub's log messages; their ids are stable.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "Hub database: {Database}")]
    public static partial void DatabaseOpened(ILogger logger, string database);

    [LoggerMessage(1002, LogLevel.Information, "Node {Node} is gone; its claims have been released")]
    public static partial void NodeGone(ILogger logger, string node);

    [LoggerMessage(
        1003,
        LogLevel.Warning,
        "The session that shows other nodes that this one is alive was lost; nothing is delivered until it is back: {Reason}"
    )]
    public static partial void SessionLost(ILogger logger, string reason);

    [LoggerMessage(
        1004,
        LogLevel.Warning,
        "The database's clock is {Seconds:0.0} s {AheadOrBehind} this machine's; the hub uses the database's"
    )]
    public static partial void ClockDiffers(ILogger logger, double seconds, string aheadOrBehind);

    [LoggerMessage(
        1005,
        LogLevel.Warning,
        "Callers on this machine need no key (WebSub:Administration:LocalCallers is Always), but the hub's public URL is {PublicUrl}: "
            + "a proxy on this machine that sends no X-Forwarded-For lets everyone in"
    )]
    public static partial void LocalCallersTrusted(ILogger logger, Uri publicUrl);

    [LoggerMessage(
        1007,
        LogLevel.Warning,
        "The hub's public URL is {PublicUrl}, so it may be behind a proxy: callers on this machine need a key like all others. "
            + "Without a proxy, set WebSub:Administration:LocalCallers=Always; if this is intended, set Never"
    )]
    public static partial void LocalCallersNeedKeys(ILogger logger, Uri publicUrl);

    [LoggerMessage(1008, LogLevel.Error, "{Method} {Path} failed and was answered 5xx")]
    public static partial void RequestFailed(ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(
        1006,
        LogLevel.Warning,
        "The connection that listens to other nodes was lost; until it is back, their updates and subscriptions are noticed a few "
            + "seconds late: {Reason}"
    )]
    public static partial void ListenLost(ILogger logger, string reason);

    [LoggerMessage(1009, LogLevel.Information, "The numbers of this node's last minute could not be stored: {Reason}")]
    public static partial void LastMinuteNotStored(ILogger logger, string reason);

    [LoggerMessage(1100, LogLevel.Information, "{Mode} of {Callback} for {Topic} verified, lease {LeaseSeconds} s")]
    public static partial void Verified(ILogger logger, string mode, string callback, string topic, long leaseSeconds);

    [LoggerMessage(1101, LogLevel.Information, "{Mode} of {Callback} for {Topic} not confirmed: {Reason}")]
    public static partial void NotConfirmed(ILogger logger, string mode, string callback, string topic, string reason);

    [LoggerMessage(1102, LogLevel.Debug, "Verification of {Callback} for {Topic} failed and will be retried: {Reason}")]
    public static partial void VerificationPutOff(ILogger logger, string callback, string topic, string reason);

    [LoggerMessage(1103, LogLevel.Information, "{Count} subscriptions expired")]
    public static partial void Expired(ILogger logger, int count);

    [LoggerMessage(1104, LogLevel.Error, "A validator failed on {Callback} for {Topic}; the request was answered 500")]
    public static partial void ValidatorFailed(ILogger logger, Exception exception, string callback, string topic);

    [LoggerMessage(1200, LogLevel.Warning, "Topic {Topic} could not be fetched: {Reason}")]
    public static partial void FetchFailed(ILogger logger, string topic, string reason);

    [LoggerMessage(1201, LogLevel.Debug, "Topic {Topic} is unchanged")]
    public static partial void Unchanged(ILogger logger, string topic);

    [LoggerMessage(1202, LogLevel.Debug, "Topic {Topic} has a new entry, {Sequence}")]
    public static partial void Appended(ILogger logger, string topic, long sequence);

    [LoggerMessage(
        1203,
        LogLevel.Information,
        "Topic {Topic} was answered by a cache, {Age} s old and so older than the ping; it is fetched again in {Seconds} s"
    )]
    public static partial void Cached(ILogger logger, string topic, long age, long seconds);

    [LoggerMessage(1300, LogLevel.Warning, "Lane {Lane} now belongs to another node; its run here ends")]
    public static partial void Fenced(ILogger logger, long lane);

    [LoggerMessage(1301, LogLevel.Error, "Entry {Sequence} of topic {TopicId} could not be read")]
    public static partial void EntryNotRead(ILogger logger, Exception exception, long topicId, long sequence);

    [LoggerMessage(1303, LogLevel.Error, "The subscription of {Callback} cannot be used; retrying later")]
    public static partial void RowNotUsable(ILogger logger, Exception exception, string callback);

    [LoggerMessage(1304, LogLevel.Error, "Lane {Lane} could not be started; retrying")]
    public static partial void LaneNotStarted(ILogger logger, Exception exception, long lane);

    [LoggerMessage(1302, LogLevel.Error, "The outcome of a delivery to {Callback} could not be saved; the delivery will be repeated")]
    public static partial void OutcomeNotSaved(ILogger logger, Exception exception, string callback);

    [LoggerMessage(
        1305,
        LogLevel.Warning,
        "Gave up delivering entry {Sequence} of {Topic} to {Callback} after {Attempts} attempts; the last one: {LastAnswer}"
    )]
    public static partial void UpdateGivenUp(
        ILogger logger,
        long sequence,
        string topic,
        string callback,
        long attempts,
        string? lastAnswer
    );

    [LoggerMessage(1400, LogLevel.Information, "{Mode} of {Callback} for predicate {Topic} done, lease {LeaseSeconds} s")]
    public static partial void PredicateDone(ILogger logger, string mode, string callback, string topic, long leaseSeconds);

    [LoggerMessage(1401, LogLevel.Error, "The database refused {Method} {Path}, which was answered 500")]
    public static partial void StorageRefused(ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(1402, LogLevel.Error, "{Method} {Path} failed and was answered 500")]
    public static partial void PredicateRequestFailed(ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(1500, LogLevel.Information, "An event stream of {Topic} is closed: {Reason}")]
    public static partial void EventClientDropped(ILogger logger, string topic, string reason);

    [LoggerMessage(
        1501,
        LogLevel.Warning,
        "All {Count} event streams are in use (WebSub:Hub:Events:MaxClients); answered 503, {Before} more since the last report"
    )]
    public static partial void EventClientsFull(ILogger logger, int count, long before);
}
