using Microsoft.Extensions.Logging;

namespace WebSub.Subscriber.Health;

internal static partial class HealthLog
{
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
    public static partial void HandlerFailed(ILogger logger, Guid id, string handler, Exception exception);

    [LoggerMessage(
        4708,
        LogLevel.Warning,
        "{Hub} has delivered to none of its other {Count} subscriptions since; it is asked for them too"
    )]
    public static partial void AsksForOthers(ILogger logger, string hub, int count);
}
