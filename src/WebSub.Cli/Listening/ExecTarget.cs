using System.ComponentModel;
using System.Diagnostics;
using WebSub.Cli.Terminal;
using WebSub.Subscriber;

namespace WebSub.Cli.Listening;

/// <summary><c>--exec</c>: a shell command for each update, with the body on standard input.</summary>
internal sealed class ExecTarget(string command, bool json, TimeProvider time)
{
    // A background process of the command's may keep its output open.
    private static readonly TimeSpan LastOutput = TimeSpan.FromSeconds(1);

    public async Task<string?> RunAsync(WebSubNotification notification, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(Describe(notification))!;
            await using var end = cancellationToken.Register(() => Kill(process));
            // Beside JSON lines the command's output would be noise to whoever reads them.
            await using var output = json ? Console.OpenStandardError() : Console.OpenStandardOutput();
            var copying = process.StandardOutput.BaseStream.CopyToAsync(output, CancellationToken.None);
            await WriteAsync(process, UpdateText.Of(notification).Bytes);
            await process.WaitForExitAsync(cancellationToken);
            await Task.WhenAny(copying, Task.Delay(LastOutput, time, cancellationToken));
            return process.ExitCode == 0 ? null : $"The command of --exec ended with exit code {process.ExitCode}.";
        }
        catch (Win32Exception e)
        {
            return $"The command of --exec cannot be started: {e.Message}";
        }
    }

    private static async Task WriteAsync(Process process, ReadOnlyMemory<byte> body)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(body, CancellationToken.None);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It need not read its input.
        }
    }

    private static void Kill(Process process)
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
    }

    private ProcessStartInfo Describe(WebSubNotification notification)
    {
        var start = ShellCommand.Describe(command);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.Environment[Variables.Topic] = notification.Topic;
        start.Environment[Variables.Hub] = notification.Subscription.Hub;
        start.Environment[Variables.ContentType] = notification.ContentType ?? "";
        start.Environment[Variables.DeliveryId] = notification.DeliveryId ?? "";
        start.Environment[Variables.Signature] = notification.Subscription.IsSigned ? "valid" : "none";
        start.Environment[Variables.ReceivedAt] = $"{notification.ReceivedAt:O}";
        return start;
    }
}
