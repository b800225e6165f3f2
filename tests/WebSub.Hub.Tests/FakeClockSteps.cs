using WebSub.Testing;

namespace WebSub.Hub.Tests;

/// <summary>For what happens on real sockets after a time that only the fake clock shows.</summary>
internal static class FakeClockSteps
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Moves the clock step by step until this has happened; each step waits a moment for it, and all of them no longer than the deadline.
    /// </summary>
    public static async Task AdvanceUntilAsync(this FakeClock clock, Task happened, TimeSpan step)
    {
        await clock.AdvanceUntilAsync(
            async () =>
            {
                await happened
                    .WaitAsync(Look, TimeProvider.System, CancellationToken.None)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return happened.IsCompleted;
            },
            step
        );
        await happened;
    }

    /// <summary>The same for what has to be looked for.</summary>
    public static async Task AdvanceUntilAsync(this FakeClock clock, Func<Task<bool>> hasHappened, TimeSpan step)
    {
        using var deadline = new CancellationTokenSource(HubHost.Deadline);
        while (!await hasHappened())
        {
            deadline.Token.ThrowIfCancellationRequested();
            clock.Advance(step);
        }
    }
}
