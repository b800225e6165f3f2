using Microsoft.Extensions.Logging;

namespace WebSub.Work;

/// <summary>Log messages of loops and event feeds, with the same ids in every package; the category says which package it is.</summary>
internal static partial class WorkLog
{
    [LoggerMessage(9001, LogLevel.Error, "{Loop} failed; retrying in {Seconds} s", EventName = "LoopFailed")]
    public static partial void LoopFailed(ILogger logger, Exception exception, string loop, double seconds);

    [LoggerMessage(9002, LogLevel.Error, "{Loop} could not finish {Item}; retrying when its claim ends", EventName = "ItemFailed")]
    public static partial void ItemFailed(ILogger logger, Exception exception, string loop, string item);

    [LoggerMessage(9003, LogLevel.Error, "{Listener} failed to handle {Change}", EventName = "ListenerFailed")]
    public static partial void ListenerFailed(ILogger logger, Exception exception, string listener, string change);
}
