using Microsoft.Extensions.Logging;
using WebSub.Work;

namespace WebSub.Storage;

/// <summary>Tells the operator of files that others can read, and of a database that turns out to be damaged.</summary>
internal static class StorageWatch
{
    /// <summary>Looks at the files as they are now, and from now on hears of damage.</summary>
    public static void Begin(ILogger logger, Database database, IEnumerable<string>? others = null)
    {
        database.Damaged = sentence => WorkLog.DatabaseDamaged(logger, sentence);
        foreach (var file in database.Files.Concat(others ?? []).Where(PrivateFiles.IsOpenToOthers))
            WorkLog.FileExposed(logger, file);
    }
}
