using System.ComponentModel;
using System.Diagnostics;
using WebSub.Cli.Terminal;

namespace WebSub.Cli.Checking;

/// <summary>
/// A shell command of an option that does something with a topic: the topic's URL is in <c>WEBSUB_TOPIC</c>, and in place of
/// <c>{topic}</c>.
/// </summary>
/// <param name="option">The option: "--change".</param>
/// <param name="command">The command.</param>
internal sealed class TopicCommand(string option, string command)
{
    private const string Placeholder = "{topic}";

    /// <summary>Runs it; null, or why it failed. What it writes goes to stderr line by line, beside the results.</summary>
    public Task<string?> RunAsync(string topic, CancellationToken cancellationToken) =>
        RunAsync(
            topic,
            async output =>
            {
                while (await output.ReadLineAsync(cancellationToken) is { } line)
                    StatusLine.Above(() => Console.Error.WriteLine(line));
            },
            cancellationToken
        );

    /// <summary>Runs it and returns what it writes, whether it fails or not.</summary>
    public async Task<string> ReadAsync(string topic, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        await RunAsync(topic, written => written.BaseStream.CopyToAsync(output, cancellationToken), cancellationToken);
        return Console.OutputEncoding.GetString(output.ToArray());
    }

    private async Task<string?> RunAsync(string topic, Func<StreamReader, Task> read, CancellationToken cancellationToken)
    {
        var start = ShellCommand.Describe(command.Replace(Placeholder, topic, StringComparison.Ordinal));
        start.RedirectStandardOutput = true;
        start.Environment[Variables.Topic] = topic;
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                await read(process.StandardOutput);
                await process.WaitForExitAsync(cancellationToken);
                return process.ExitCode == 0 ? null : $"the command of {option} ended with exit code {process.ExitCode}";
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill(entireProcessTree: true);
            }
        }
        catch (Win32Exception e)
        {
            return $"the command of {option} cannot be started: {e.Message}";
        }
    }
}
