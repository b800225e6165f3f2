using System.Diagnostics;
using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Results;

namespace WebSub.LoadTests.Scenarios;

/// <summary>
/// How long programs take to start: <c>websub --help</c> beside a console program that does nothing, and the server with a database that it
/// has used before, until it listens, beside a web app that serves one word.
/// </summary>
internal static class Start
{
    private const int InARound = 5;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Run run)
    {
        run.Say($"start: {InARound} starts of each a round");
        var folder = Directory.CreateTempSubdirectory("websub-bench-");
        try
        {
            var bare = await BareConsoleAsync(folder.FullName);
            var database = $"Data Source={folder.FullName}/hub.db";
            return
            [
                await CompareAsync(
                    run,
                    "start, websub --help",
                    2.5,
                    () => ConsoleAsync(run, [Clone.Cli, "--help"]),
                    () => ConsoleAsync(run, bare)
                ),
                await CompareAsync(run, "start, server", 2, () => ServerAsync(run, database), () => EmptyAppAsync(run)),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<Measurement> CompareAsync(Run run, string name, double most, Func<Task> ours, Func<Task> bare)
    {
        var (values, yardsticks) = (new List<double>(), new List<double>());
        for (var round = -1; round < run.Rounds; round++)
        {
            var (first, second) = (TimeSpan.Zero, TimeSpan.Zero);
            for (var i = 0; i < InARound; i++)
            {
                first += await TimeAsync(ours);
                second += await TimeAsync(bare);
            }

            run.Say($"  {name}: {(first / InARound).TotalMilliseconds:n0} ms, bare {(second / InARound).TotalMilliseconds:n0} ms");
            if (round < 0)
                continue;
            values.Add((first / InARound).TotalMilliseconds);
            yardsticks.Add((second / InARound).TotalMilliseconds);
        }

        return new Measurement(name, Storage.Sqlite, "ms", Target.RatioAtMost(most)).With(values, yardsticks);
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> what)
    {
        var from = Stopwatch.GetTimestamp();
        await what();
        return Stopwatch.GetElapsedTime(from);
    }

    private static async Task ConsoleAsync(Run run, string[] arguments)
    {
        await using var process = ChildProcess.StartDotNet(arguments[0], arguments[1..]);
        await process.EndedAsync(run.CancellationToken);
    }

    private static async Task ServerAsync(Run run, string database)
    {
        var hub = await HubProcess.StartAsync(database, new Dictionary<string, string>(), run.CancellationToken);
        await hub.DisposeAsync();
    }

    private static async Task EmptyAppAsync(Run run)
    {
        await using var process = ChildProcess.StartDotNet(typeof(Start).Assembly.Location, ["empty-app"]);
        await process.ReadLineAsync(run.CancellationToken);
    }

    /// <summary>This program, told to do nothing, on the plain runtime as a console program has it.</summary>
    private static async Task<string[]> BareConsoleAsync(string folder)
    {
        var configuration = Path.Combine(folder, "console.json");
        await File.WriteAllTextAsync(
            configuration,
            $$"""
            { "runtimeOptions": { "framework": { "name": "Microsoft.NETCore.App", "version": "{{Environment.Version.ToString(2)}}.0" } } }
            """
        );
        return ["exec", "--runtimeconfig", configuration, typeof(Start).Assembly.Location, "nothing"];
    }
}
