using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace WebSub.TestSupport;

/// <summary>For what happens on real sockets after a time that only the fake clock shows.</summary>
internal static class FakeTimeSteps
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    /// <summary>The most moments before a step.</summary>
    private const int MostMoments = 10;

    /// <summary>
    /// Moves the clock step by step until this has happened; before each step it gets a moment, and all of them take no longer than the
    /// deadline. Where moments end late, the machine is busy, and the clock must not run away from those who do the work: it gets more of
    /// them.
    /// </summary>
    public static async Task AdvanceUntilAsync(this FakeTimeProvider clock, Task happened, TimeSpan step, TimeSpan? moment = null)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            await WaitAsync(happened, moment ?? Moment);
            if (happened.IsCompleted)
                break;
            deadline.Token.ThrowIfCancellationRequested();
            clock.Advance(step);
        }

        await happened;
    }

    private static async Task WaitAsync(Task happened, TimeSpan moment)
    {
        for (var i = 0; i < MostMoments; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await happened
                .WaitAsync(moment, TimeProvider.System, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (happened.IsCompleted || Stopwatch.GetElapsedTime(began) < 3 * moment)
                return;
        }
    }
}
