using System.Diagnostics;

namespace WebSub.Cli.Terminal;

/// <summary>A command as a user types it into the shell.</summary>
internal static class ShellCommand
{
    /// <summary>How it is started; what it reads and writes is up to the caller.</summary>
    public static ProcessStartInfo Describe(string command)
    {
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo("cmd.exe", ["/c", command]) : new("/bin/sh", ["-c", command]);
        start.UseShellExecute = false;
        return start;
    }
}
