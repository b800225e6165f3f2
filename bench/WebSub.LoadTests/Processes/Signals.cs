using System.Diagnostics;

namespace WebSub.LoadTests.Processes;

/// <summary>Signals to processes, by their ids.</summary>
internal static class Signals
{
    /// <summary>Sends a signal, such as TERM, STOP or CONT; one that has ended meanwhile is passed over.</summary>
    public static async Task SendAsync(string signal, IEnumerable<int> processes)
    {
        using var kill = Process.Start(
            new ProcessStartInfo("kill", [$"-{signal}", .. processes.Select(p => $"{p}")])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            }
        )!;
        await kill.WaitForExitAsync();
    }
}
