using Microsoft.Extensions.Logging;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Diagnostics;

/// <summary>The subscriber's log messages; their ids are stable.</summary>
internal static partial class Log
{
    [LoggerMessage(4101, LogLevel.Information, "Subscription {Id}: {Mode} request for {Topic}: {Answer}")]
    public static partial void RequestSent(ILogger logger, Guid id, string mode, string topic, string answer);

    [LoggerMessage(4102, LogLevel.Warning, "Subscription {Id}: discovery of {Target} failed: {Fault}")]
    public static partial void NotDiscovered(ILogger logger, Guid id, string target, string fault);

    [LoggerMessage(
        4107,
        LogLevel.Warning,
        "Subscription {Id}: {Target} cannot be read, so it is renewed at its current hub, {Hub}: {Fault}"
    )]
    public static partial void RenewedUnseen(ILogger logger, Guid id, string target, string fault, string hub);

    [LoggerMessage(
        4103,
        LogLevel.Warning,
        "{Count} subscriptions could not be ended within ShutdownSeconds; their hubs keep them until their leases end."
    )]
    public static partial void NotEnded(ILogger logger, int count);

    [LoggerMessage(4104, LogLevel.Warning, "Stopping: the database did not answer, so nothing was unsubscribed.")]
    public static partial void ShutdownTrouble(ILogger logger, Exception exception);

    [LoggerMessage(
        4105,
        LogLevel.Warning,
        "This app does not answer hubs: app.MapWebSubCallbacks() was not called. Unless another process does, "
            + "no subscription will be verified."
    )]
    public static partial void NotMapped(ILogger logger);

    [LoggerMessage(4109, LogLevel.Warning, "Process {Owner} is gone; the others take over its work.")]
    public static partial void ProcessGone(ILogger logger, string owner);

    [LoggerMessage(4108, LogLevel.Warning, "Subscription {Id}: {Reason}")]
    public static partial void NotVerified(ILogger logger, Guid id, string reason);

    [LoggerMessage(4106, LogLevel.Warning, "Subscription {Id} at {Hub}: {Doubt}")]
    public static partial void CannotBeReached(ILogger logger, Guid id, string hub, string doubt);

    [LoggerMessage(4201, LogLevel.Information, "Subscription {Id}: {Kind} ({Topic}). {Reason}")]
    public static partial void Changed(ILogger logger, Guid id, WebSubChangeKind kind, string topic, string? reason);

    [LoggerMessage(4301, LogLevel.Warning, "Notification {Id}: handler {Handler} failed on attempt {Attempt}; retrying at {Due:O}.")]
    public static partial void HandlerFailed(
        ILogger logger,
        long id,
        string handler,
        long attempt,
        DateTimeOffset due,
        Exception exception
    );

    [LoggerMessage(4302, LogLevel.Error, "Notification {Id}: handler {Handler} failed on attempt {Attempt}, the last one; parked.")]
    public static partial void Parked(ILogger logger, long id, string handler, long attempt, Exception exception);

    [LoggerMessage(4401, LogLevel.Debug, "Subscription {Id}: GET, {Kind} (mode {Mode}, topic {Topic}). {Sentence}")]
    public static partial void Asked(ILogger logger, Guid? id, Enum kind, string mode, string topic, string sentence);

    [LoggerMessage(4402, LogLevel.Error, "{Verifier} threw on subscription {Id}; answering the hub with 404.")]
    public static partial void VerifierFailed(ILogger logger, string verifier, Guid id, Exception exception);

    [LoggerMessage(4407, LogLevel.Warning, "Subscription {Id} at {Hub}: {Reason}")]
    public static partial void Refused(ILogger logger, Guid id, string? hub, string reason);

    [LoggerMessage(4403, LogLevel.Information, "Subscription {Id}: refused a delivery, because it is {State}.")]
    public static partial void NotActive(ILogger logger, Guid id, WebSubSubscriptionState state);

    [LoggerMessage(4404, LogLevel.Warning, "Subscription {Id}: refused a delivery of more than {Limit} bytes.")]
    public static partial void TooLarge(ILogger logger, Guid id, long limit);

    [LoggerMessage(4405, LogLevel.Debug, "Subscription {Id}: delivery of {Length} bytes of {ContentType}: {Result}.")]
    public static partial void Received(ILogger logger, Guid id, int length, string? contentType, string result);

    [LoggerMessage(4406, LogLevel.Error, "Subscription {Id}: inline handler {Handler} threw; answering the hub with 200.")]
    public static partial void InlineFailed(ILogger logger, Guid id, string handler, Exception exception);

    [LoggerMessage(
        4501,
        LogLevel.Warning,
        "Subscription {Id} to {Target} for handler {Handler} is no longer declared. It continues; declare it again, end it with "
            + "websub unsubscribe, or forget it with websub sync --purge-orphans."
    )]
    public static partial void Orphan(ILogger logger, Guid id, string target, string handler);

    [LoggerMessage(
        4502,
        LogLevel.Error,
        "Subscription {Id} to {Target} is for the handler {Handler}, which no longer exists. Its notifications are kept; "
            + "add the handler; if it has a new name, run websub fix-urls; else websub purge --unresolvable."
    )]
    public static partial void NoHandler(ILogger logger, Guid id, string target, string handler);

    [LoggerMessage(4503, LogLevel.Information, "Subscription {Id}: its handler {Old} is now named {New}.")]
    public static partial void Renamed(ILogger logger, Guid id, string old, string @new);

    [LoggerMessage(4505, LogLevel.Information, "Subscription {Id}: its callback {Callback} is answered at the path {Path} of this app.")]
    public static partial void OwnPath(ILogger logger, Guid id, string callback, string path);

    [LoggerMessage(4504, LogLevel.Warning, "Subscription {Id} to {Target} has a new callback URL; {Consequence}.")]
    public static partial void Moved(ILogger logger, Guid id, string target, string consequence);

    [LoggerMessage(
        4506,
        LogLevel.Warning,
        "The hub {Hub} is also used as {Twin}: they count as two. Write it in one way, then run websub sync --purge-orphans."
    )]
    public static partial void SlashTwin(ILogger logger, string hub, string twin);

    [LoggerMessage(4601, LogLevel.Information, "The public URL is {Url}, from {Program}.")]
    public static partial void Found(ILogger logger, string url, string program);

    [LoggerMessage(4701, LogLevel.Warning, "Subscription {Id}: {Hub} has fallen silent and is asked again. {Reason}")]
    public static partial void Silent(ILogger logger, Guid id, string hub, string reason);

    [LoggerMessage(4702, LogLevel.Information, "Subscription {Id}: {Hub} delivers again")]
    public static partial void Heard(ILogger logger, Guid id, string hub);

    [LoggerMessage(4703, LogLevel.Warning, "Subscription {Id}: {Hub} has missed an update although it was asked again; leaving it")]
    public static partial void Leaving(ILogger logger, Guid id, string hub);

    [LoggerMessage(4704, LogLevel.Information, "Subscription {Id}: {Topic} could not be polled. {Reason}")]
    public static partial void NotPolled(ILogger logger, Guid id, string topic, string reason);

    [LoggerMessage(4705, LogLevel.Warning, "Subscription {Id}: {Count} updates that {Hub} did not deliver were read from its history")]
    public static partial void GapFilled(ILogger logger, Guid id, int count, string hub);

    [LoggerMessage(4706, LogLevel.Warning, "Subscription {Id}: updates {First} to {Last} of {Hub} did not come. {Reason}")]
    public static partial void GapRemains(ILogger logger, Guid id, long first, long last, string hub, string reason);

    [LoggerMessage(4707, LogLevel.Error, "Subscription {Id}: handler \"{Handler}\" failed with an update that its hub did not deliver")]
    public static partial void FoundUpdateFailed(ILogger logger, Guid id, string handler, Exception exception);

    [LoggerMessage(
        4708,
        LogLevel.Warning,
        "{Hub} has delivered to none of its other {Count} subscriptions since; it is asked for them too"
    )]
    public static partial void AsksForOthers(ILogger logger, string hub, int count);
}
