using Microsoft.Extensions.Logging;

namespace WebSub.Subscriber.Tunnels;

internal static partial class TunnelLog
{
    [LoggerMessage(4601, LogLevel.Information, "The public URL is {Url}, from {Program}.")]
    public static partial void Found(ILogger logger, string url, string program);
}
