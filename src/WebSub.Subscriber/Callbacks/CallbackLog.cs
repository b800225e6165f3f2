using Microsoft.Extensions.Logging;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Callbacks;

internal static partial class CallbackLog
{
    [LoggerMessage(4401, LogLevel.Debug, "Subscription {Id}: GET, {Kind} (mode {Mode}, topic {Topic}). {Sentence}")]
    public static partial void Asked(ILogger logger, Guid? id, IntentKind kind, string mode, string topic, string sentence);

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
}
