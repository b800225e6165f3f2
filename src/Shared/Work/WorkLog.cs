using Microsoft.Extensions.Logging;

namespace WebSub.Work;

/// <summary>
/// The log messages that packages share, with the same ids in each; the category says which package it is. They are not generated: the
/// generator writes two classes of one assembly in an order of chance, and each package has its own class, <c>Log</c>.
/// </summary>
internal static class WorkLog
{
    private static readonly Action<ILogger, string, long, Exception?> LoopFailure = LoggerMessage.Define<string, long>(
        LogLevel.Error,
        new(9001, "LoopFailed"),
        "{Loop} failed, after {Count} more failures since the last report; retrying"
    );

    private static readonly Action<ILogger, string, string, Exception?> ItemFailure = LoggerMessage.Define<string, string>(
        LogLevel.Error,
        new(9002, "ItemFailed"),
        "{Loop} could not finish {Item}; retrying when its claim ends"
    );

    private static readonly Action<ILogger, string, string, Exception?> ListenerFailure = LoggerMessage.Define<string, string>(
        LogLevel.Error,
        new(9003, "ListenerFailed"),
        "{Listener} failed to handle {Change}"
    );

    private static readonly Action<ILogger, string, Exception?> Exposure = LoggerMessage.Define<string>(
        LogLevel.Warning,
        new(9004, "FileExposed"),
        "{File} can be read by other users of this machine: take their rights from it, or from its folder"
    );

    private static readonly Action<ILogger, string, Exception?> Damage = LoggerMessage.Define<string>(
        LogLevel.Critical,
        new(9005, "DatabaseDamaged"),
        "{Damage}"
    );

    private static readonly Action<ILogger, string, string, long, Exception?> Absence = LoggerMessage.Define<string, string, long>(
        LogLevel.Error,
        new(9006, "DatabaseAway"),
        "{Name} cannot use the database: {Reason}. {Count} more failures since the last report; the next one in a minute"
    );

    private static readonly Action<ILogger, string, string, Exception?> LostSecond = LoggerMessage.Define<string, string>(
        LogLevel.Warning,
        new(9007, "LastSecondNotSaved"),
        "{Loop} could not save its last second before it stopped: {Reason}. That second is repeated after the next start"
    );

    public static void LoopFailed(ILogger logger, Exception exception, string loop, long count) =>
        LoopFailure(logger, loop, count, exception);

    public static void ItemFailed(ILogger logger, Exception exception, string loop, string item) =>
        ItemFailure(logger, loop, item, exception);

    public static void ListenerFailed(ILogger logger, Exception exception, string listener, string change) =>
        ListenerFailure(logger, listener, change, exception);

    public static void FileExposed(ILogger logger, string file) => Exposure(logger, file, null);

    public static void DatabaseDamaged(ILogger logger, string damage) => Damage(logger, damage, null);

    public static void DatabaseAway(ILogger logger, string name, string reason, long count) => Absence(logger, name, reason, count, null);

    public static void LastSecondNotSaved(ILogger logger, string loop, string reason) => LostSecond(logger, loop, reason, null);
}
