using Microsoft.Extensions.Logging;

namespace WebSub.Publisher.Diagnostics;

/// <summary>The publisher's log messages; their ids are stable.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Information, "Publisher database: {Database}", EventName = "DatabaseOpened")]
    public static partial void DatabaseOpened(ILogger logger, string database);

    [LoggerMessage(3001, LogLevel.Information, "Told the hub {Hub} that {Topic} changed; it answered {Status}", EventName = "HubTold")]
    public static partial void Told(ILogger logger, string hub, string topic, int status);

    [LoggerMessage(
        3002,
        LogLevel.Warning,
        "Could not tell the hub {Hub} that {Topic} changed; retrying: {Explanation}",
        EventName = "HubNotTold"
    )]
    public static partial void PutOff(ILogger logger, string hub, string topic, string explanation);

    [LoggerMessage(
        3003,
        LogLevel.Error,
        "Gave up telling the hub {Hub} that {Topic} changed; the topic's next update tries again: {Explanation}",
        EventName = "HubGivenUp"
    )]
    public static partial void GivenUp(ILogger logger, string hub, string topic, string explanation);

    [LoggerMessage(
        3004,
        LogLevel.Warning,
        "The hub {Hub} does not accept this content of {Topic}; skipping to newer content: {Explanation}",
        EventName = "ContentSkipped"
    )]
    public static partial void Skipped(ILogger logger, string hub, string topic, string explanation);

    [LoggerMessage(
        3005,
        LogLevel.Warning,
        "No configured hub serves the topic {Topic}; no hub is told that it changed",
        EventName = "NoHubForTopic"
    )]
    public static partial void Unserved(ILogger logger, string topic);

    [LoggerMessage(
        3007,
        LogLevel.Warning,
        "Another process has taken over the hub {Hub}; this one stops sending to it",
        EventName = "ClaimLost"
    )]
    public static partial void ClaimLost(ILogger logger, string hub);

    [LoggerMessage(
        3008,
        LogLevel.Information,
        "WebSub:Publisher:PublicUrl is not set: a topic given as a path, such as /feed, can be published only while a request is being "
            + "answered, and is relative to the URL at which that request reached the app",
        EventName = "NoPublicUrl"
    )]
    public static partial void NoPublicUrl(ILogger logger);

    [LoggerMessage(3100, LogLevel.Warning, "{Problem}: {Explanation}", EventName = "PublisherFinding")]
    public static partial void Finding(ILogger logger, WebSubPublisherProblem problem, string explanation);

    [LoggerMessage(3101, LogLevel.Warning, "The publisher's own topics could not be checked", EventName = "StartupCheckFailed")]
    public static partial void StartupCheckFailed(ILogger logger, Exception exception);
}
