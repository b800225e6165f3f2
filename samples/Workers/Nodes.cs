using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Workers;

/// <summary>Starts the three processes, shows what they print, and ends them with this one.</summary>
internal static class Nodes
{
    private static readonly (string Name, string Role)[] All = [("web", "Callbacks"), ("worker 1", "Workers"), ("worker 2", "Workers")];

    public static async Task<int> RunAsync(string[] args, IConfiguration settings)
    {
        if (string.IsNullOrEmpty(settings["ConnectionStrings:WebSubSubscriber"]))
        {
            await Console.Error.WriteLineAsync(
                "The processes share a PostgreSQL database; say which: --ConnectionStrings:WebSubSubscriber postgres://USER@HOST/DATABASE"
            );
            return 1;
        }

        var running = All.Select(n => (n.Name, Process: Start(n.Role, args))).ToList();
        // The terminal interrupts the three as well, and they end in their own time; asked to end, this one ends them.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var ended = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM,
            signal =>
            {
                signal.Cancel = true;
                running.ForEach(n => n.Process.Kill());
            }
        );
        await Task.WhenAll(running.Select(n => ShowAsync(n.Name, n.Process)));
        return 0;
    }

    private static Process Start(string role, string[] args)
    {
        var program = Environment.ProcessPath!;
        // Started with "dotnet Workers.dll", the program is dotnet.
        string[] dll = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        return Process.Start(
            new ProcessStartInfo(program, [.. dll, .. args, "--WebSub:Subscriber:Role", role])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            }
        )!;
    }

    private static async Task ShowAsync(string name, Process process)
    {
        await Console.Out.WriteLineAsync($"{name} is process {process.Id}");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            await Console.Out.WriteLineAsync($"{name}: {line}");
        await Console.Out.WriteLineAsync($"{name} has ended");
    }
}
