using WebSub.LoadTests.Processes;

namespace WebSub.LoadTests.Faults;

/// <summary>Lets faults strike a cluster under load, one after the other, and prints a table of what came of them.</summary>
internal static class FaultsProgram
{
    private const string Usage = """
        What a hub of three nodes on one PostgreSQL makes of faults under load: a line a fault.

          ./eng/faults.sh [--quick] [WORD...]

          --quick  three faults, about a minute; all of them take about ten
          WORD     only the faults whose name has one of these words

        Exit code: 0 nothing was lost, 1 something was, or a fault could not be tried to its end,
        2 bad usage, 130 after Ctrl-C.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Any(a => a is "--help" or "-h"))
        {
            Console.WriteLine(Usage);
            return 0;
        }

        var quick = args.Contains("--quick");
        var words = args.Where(a => a != "--quick").ToList();
        if (words.Find(w => w.StartsWith('-')) is { } option)
        {
            await Console.Error.WriteLineAsync($"\"{option}\" is not an option. There is --quick; --help says more.");
            return 2;
        }

        var faults = Fault.All.Where(f => (f.IsQuick || !quick) && (words.Count == 0 || words.Exists(f.Name.Contains))).ToList();
        if (faults.Count == 0 && !(words.Count > 0 && words.Exists(RollingUpgrade.Name.Contains)))
        {
            await Console.Error.WriteLineAsync($"No fault has a name with {string.Join(" or ", words)}.");
            return 2;
        }

        if (PostgreSqlProcess.Programs is null)
        {
            await Console.Error.WriteLineAsync("PostgreSQL is not installed; a cluster needs it.");
            return 1;
        }

        var withUpgrade = !quick && (words.Count == 0 || words.Exists(RollingUpgrade.Name.Contains));
        return await Interruptible.RunAsync(token => FaultRun.RunAsync(faults, withUpgrade, token));
    }
}
