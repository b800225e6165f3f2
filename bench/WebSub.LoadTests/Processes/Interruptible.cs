using System.Runtime.InteropServices;

namespace WebSub.LoadTests.Processes;

/// <summary>Runs a program so that Ctrl-C and SIGTERM let it end what it started.</summary>
internal static class Interruptible
{
    /// <summary>The exit code of what was interrupted.</summary>
    public const int ExitCode = 130;

    /// <summary>Returns what the program does, or <see cref="ExitCode"/> if it fails once it has been interrupted.</summary>
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> program)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await program(stop.Token);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return ExitCode;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }
}
