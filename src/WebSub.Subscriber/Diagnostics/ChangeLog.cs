using Microsoft.Extensions.Logging;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Diagnostics;

internal static partial class ChangeLog
{
    [LoggerMessage(4201, LogLevel.Information, "Subscription {Id}: {Kind} ({Topic}). {Reason}")]
    public static partial void Changed(ILogger logger, Guid id, WebSubChangeKind kind, string topic, string? reason);
}
