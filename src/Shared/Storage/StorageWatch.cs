using Microsoft.Extensions.Logging;

namespace WebSub.Storage;

/// <summary>Tells the operator of files that others can read, and of a database that turns out to be damaged.</summary>
internal static partial class StorageWatch
{
    /// <summary>Looks at the files as they are now, and from now on hears of damage.</summary>
    public static void Begin(ILogger logger, Database database, IEnumerable<string>? others = null)
    {
        database.Damaged = sentence => DatabaseDamaged(logger, sentence);
        foreach (var file in database.Files.Concat(others ?? []).Where(PrivateFiles.IsOpenToOthers))
            FileExposed(logger, file);
    }

    [LoggerMessage(
        9004,
        LogLevel.Warning,
        "{File} can be read by other users of this machine: take their rights from it, or from its folder",
        EventName = "FileExposed"
    )]
    private static partial void FileExposed(ILogger logger, string file);

    [LoggerMessage(9005, LogLevel.Critical, "{Damage}", EventName = "DatabaseDamaged")]
    private static partial void DatabaseDamaged(ILogger logger, string damage);
}
