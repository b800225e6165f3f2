using System.Globalization;
using WebSub.LoadTests.Processes;

namespace WebSub.LoadTests.Soaking;

/// <summary>Lets a server work for a while, and says whether it grows.</summary>
internal static class SoakProgram
{
    private const double UsualMinutes = 10;
    private const double QuickMinutes = 1;

    private const string Usage = """
        What a server makes of mixed traffic that goes on: updates, subscribers that come and go, fail and are
        slow, and a database that is killed and started again half-way. Ten lines of what it takes.

          ./bench/soak.sh [--quick | --minutes N]

          --quick      one minute, to see that it works
          --minutes N  so many instead of ten

        Exit code: 0 nothing was lost and nothing grew, 1 something was or did, or it could not be run,
        2 bad usage, 130 after Ctrl-C.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Any(a => a is "--help" or "-h"))
        {
            Console.WriteLine(Usage);
            return 0;
        }

        if (MinutesOf(args) is not { } minutes)
        {
            await Console.Error.WriteLineAsync($"\"{string.Join(' ', args)}\" is not understood. {Usage}");
            return 2;
        }

        if (PostgreSqlProcess.Programs is null)
        {
            await Console.Error.WriteLineAsync("PostgreSQL is not installed; its restart is a part of this.");
            return 1;
        }

        return await Interruptible.RunAsync(token => SoakRun.RunAsync(TimeSpan.FromMinutes(minutes), token));
    }

    private static double? MinutesOf(string[] args) =>
        args switch
        {
            [] => UsualMinutes,
            ["--quick"] => QuickMinutes,
            ["--minutes", var text]
                when double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var minutes) => minutes
                is > 0
                    and <= 1440
                ? minutes
                : null,
            _ => null,
        };
}
