using Microsoft.Extensions.Logging;

namespace WebSub.Work;

/// <summary>Log messages of loops and event feeds, with the same ids in every package; the category says which package it is.</summary>
internal static partial class WorkLog
{
    [LoggerMessage(
        9001,
        LogLevel.Error,
        "{Loop} failed, after {Count} more failures since the last report; retrying",
        EventName = "LoopFailed"
    )]
    public static partial void LoopFailed(ILogger logger, Exception exception, string loop, long count);

    [LoggerMessage(
        9006,
        LogLevel.Error,
        "{Name} cannot use the database: {Reason}. {Count} more failures since the last report; the next one in a minute",
        EventName = "DatabaseAway"
    )]
    public static partial void DatabaseAway(ILogger logger, string name, string reason, long count);

    [LoggerMessage(
        9007,
        LogLevel.Warning,
        "{Loop} could not save its last second before it stopped: {Reason}. That second is repeated after the next start",
        EventName = "LastSecondNotSaved"
    )]
    public static partial void LastSecondNotSaved(ILogger logger, string loop, string reason);

    [LoggerMessage(9002, LogLevel.Error, "{Loop} could not finish {Item}; retrying when its claim ends", EventName = "ItemFailed")]
    public static partial void ItemFailed(ILogger logger, Exception exception, string loop, string item);

    [LoggerMessage(9003, LogLevel.Error, "{Listener} failed to handle {Change}", EventName = "ListenerFailed")]
    public static partial void ListenerFailed(ILogger logger, Exception exception, string listener, string change);
}
