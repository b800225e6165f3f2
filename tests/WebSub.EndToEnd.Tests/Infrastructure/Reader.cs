namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>
/// Somebody who reads a page and types its commands into a shell, in a folder of their own. Addresses of the page stand for those that the
/// test uses, in commands and, the other way round, in their output; <c>websub</c> is the one that was built.
/// </summary>
internal sealed class Reader(params (string OfPage, string Actual)[] addresses) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-reader-");

    /// <summary>Types a command; it must succeed. Returns what it writes to standard output.</summary>
    public async Task<IReadOnlyList<string>> TypeAsync(string command, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var result = await CliProcess.RunProgramAsync("bash", ["-c", Typed(command)], environment, _folder.FullName);
        Assert.True(result.ExitCode == 0, $"{command}\n{string.Join('\n', result.Output.Concat(result.Error))}");
        return [.. result.Output.Select(AsPublished)];
    }

    /// <summary>Types a command that goes on; disposing ends it.</summary>
    public RunningProcess Start(string command) => RunningProcess.Start("bash", ["-c", Typed(command)], workingDirectory: _folder.FullName);

    /// <summary>A line of output as the page would show it.</summary>
    public string AsPublished(string line) =>
        addresses.Aggregate(line, (text, a) => text.Replace(a.Actual, a.OfPage, StringComparison.Ordinal));

    public void Dispose() => _folder.Delete(recursive: true);

    private string Typed(string command)
    {
        var typed = addresses.Aggregate(command, (text, a) => text.Replace(a.OfPage, a.Actual, StringComparison.Ordinal));
        return $"websub() {{ '{Repository.DotNet}' '{Repository.Cli}' \"$@\"; }}\n"
            + typed.Replace("./websub", "websub", StringComparison.Ordinal);
    }
}
