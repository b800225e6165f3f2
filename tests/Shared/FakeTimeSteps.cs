using Microsoft.Extensions.Time.Testing;

namespace WebSub.TestSupport;

/// <summary>For what happens on real sockets after a time that only the fake clock shows.</summary>
internal static class FakeTimeSteps
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Moves the clock step by step until this has happened; before each step it gets a moment, and all of them take no longer than the
    /// deadline.
    /// </summary>
    public static async Task AdvanceUntilAsync(this FakeTimeProvider clock, Task happened, TimeSpan step, TimeSpan? moment = null)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            await happened
                .WaitAsync(moment ?? Moment, TimeProvider.System, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (happened.IsCompleted)
                break;
            deadline.Token.ThrowIfCancellationRequested();
            clock.Advance(step);
        }

        await happened;
    }
}
