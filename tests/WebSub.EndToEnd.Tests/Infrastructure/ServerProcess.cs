namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>Starts programs of this clone that run until they are ended.</summary>
internal static class ServerProcess
{
    /// <summary>Starts a built dll; see <see cref="Repository.Program"/>.</summary>
    public static RunningProcess Start(
        string dll,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null
    ) => RunningProcess.Start(Repository.DotNet, [dll, .. arguments], environment, workingDirectory);
}
