using System.ComponentModel;
using System.Diagnostics;
using WebSub.Cli.Terminal;

namespace WebSub.Cli.Checking;

/// <summary>The command of <c>--change</c>, which changes a topic.</summary>
internal static class ChangeCommand
{
    /// <summary>Runs it; null, or why it failed. What it writes goes to stderr, beside the results.</summary>
    public static async Task<string?> RunAsync(string command, string topic, CancellationToken cancellationToken)
    {
        var start = ShellCommand.Describe(command);
        start.RedirectStandardOutput = true;
        start.Environment[Variables.Topic] = topic;
        try
        {
            using var process = Process.Start(start)!;
            await using var end = cancellationToken.Register(() => Kill(process));
            await using var output = Console.OpenStandardError();
            await process.StandardOutput.BaseStream.CopyToAsync(output, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? null : $"the command of --change ended with exit code {process.ExitCode}";
        }
        catch (Win32Exception e)
        {
            return $"the command of --change cannot be started: {e.Message}";
        }
    }

    private static void Kill(Process process)
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
    }
}
