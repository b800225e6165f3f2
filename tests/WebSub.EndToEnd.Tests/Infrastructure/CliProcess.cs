namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>Runs the <c>websub</c> command line, or any other short program, to its end.</summary>
internal static class CliProcess
{
    /// <summary>Runs <c>websub</c> with the arguments.</summary>
    public static Task<CliResult> RunAsync(params string[] arguments) => RunAsync(arguments, environment: null);

    /// <summary>Runs <c>websub</c> with the arguments, environment variables, working directory and standard input.</summary>
    public static Task<CliResult> RunAsync(
        string[] arguments,
        IReadOnlyDictionary<string, string?>? environment,
        string? workingDirectory = null,
        string input = ""
    ) => RunProgramAsync(Repository.DotNet, [Repository.Cli, .. arguments], environment, workingDirectory, input);

    /// <summary>Runs a program.</summary>
    public static async Task<CliResult> RunProgramAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null,
        string input = "",
        TimeSpan? deadline = null
    )
    {
        await using var process = RunningProcess.Start(program, arguments, environment, workingDirectory, input);
        var exitCode = await process.WaitForExitAsync(deadline);
        var lines = process.Lines.ToLookup(l => l.IsError, l => l.Text);
        return new(exitCode, [.. lines[false]], [.. lines[true]]);
    }
}
