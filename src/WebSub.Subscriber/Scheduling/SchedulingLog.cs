using Microsoft.Extensions.Logging;

namespace WebSub.Subscriber.Scheduling;

internal static partial class SchedulingLog
{
    [LoggerMessage(4001, LogLevel.Error, "{Service} cannot go on; it tries again in {Seconds} s.")]
    public static partial void Trouble(ILogger logger, string service, double seconds, Exception exception);

    [LoggerMessage(4002, LogLevel.Error, "{Service} could not finish {Id}; it is tried again when its claim ends.")]
    public static partial void ItemTrouble(ILogger logger, string service, string? id, Exception exception);
}
