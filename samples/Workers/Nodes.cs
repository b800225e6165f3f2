using System.Diagnostics;

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
        try
        {
            await Task.WhenAll(running.Select(n => ShowAsync(n.Name, n.Process)));
            return 0;
        }
        finally
        {
            foreach (var (_, process) in running)
            {
                process.Kill();
                process.Dispose();
            }
        }
    }

    private static Process Start(string role, string[] args) =>
        Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, [Environment.GetCommandLineArgs()[0], .. args, "--WebSub:Subscriber:Role", role])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            }
        )!;

    private static async Task ShowAsync(string name, Process process)
    {
        await Console.Out.WriteLineAsync($"{name} is process {process.Id}");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            await Console.Out.WriteLineAsync($"{name}: {line}");
        await Console.Out.WriteLineAsync($"{name} has ended");
    }
}
