using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Results;
using WebSub.LoadTests.Scenarios;

namespace WebSub.LoadTests;

/// <summary>Runs scenarios, shows and saves their results. Ends what it started, however it ends.</summary>
internal static class Driver
{
    public static async Task<int> RunAsync(string[] args)
    {
        var (arguments, error) = Arguments.Read(args);
        if (arguments is null)
        {
            await Console.Error.WriteLineAsync(error);
            return 2;
        }

        if (arguments.Help)
        {
            Console.WriteLine(Arguments.Usage);
            return 0;
        }

        return await Interruptible.RunAsync(token => RunAsync(arguments, token));
    }

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var measurements = new List<Measurement>();
        var run = new Run(arguments.Quick, arguments.Rounds ?? (arguments.Quick ? 1 : 5), Console.Error, cancellationToken);
        try
        {
            foreach (var scenario in arguments.Scenarios)
                measurements.AddRange(await scenario.RunAsync(run));
        }
#pragma warning disable CA1031 // Whatever the failure, the user gets a sentence and the child processes end.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // After Ctrl-C everything fails in some way, since the child processes received it, too.
            if (cancellationToken.IsCancellationRequested)
                return Interruptible.ExitCode;
            await Console.Error.WriteLineAsync(e is InvalidOperationException ? e.Message : e.ToString());
            return 1;
        }

        Console.WriteLine();
        Console.WriteLine(Report.Table(measurements));
        Console.WriteLine($"\nWritten to {Path.GetRelativePath(Clone.Root, await Report.SaveAsync(measurements))}");
        return 0;
    }
}
