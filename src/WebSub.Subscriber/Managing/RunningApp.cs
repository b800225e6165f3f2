using WebSub.Subscriber.Storage;

namespace WebSub.Subscriber.Managing;

/// <summary>The running instances of the app, as a command beside them sees them: they answer a signal within a second.</summary>
internal sealed class RunningApp(SignalStore signals, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>Tells whoever runs that rows have changed; returns a number to be asked about.</summary>
    public Task<long> TellAsync(CancellationToken cancellationToken) => signals.RaiseAsync(cancellationToken);

    /// <summary>True once a running instance has seen the number; false if none does in time.</summary>
    public Task<bool> HasSeenAsync(long number, CancellationToken cancellationToken) =>
        UntilAsync(async () => await signals.SeenAsync(cancellationToken) >= number, Patience, cancellationToken);

    /// <summary>Looks again and again; false if what is waited for does not come in time.</summary>
    public async Task<bool> UntilAsync(Func<Task<bool>> holds, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!await holds())
        {
            if (time.GetElapsedTime(started) >= atMost)
                return false;
            await Task.Delay(LookAgain, time, cancellationToken);
        }

        return true;
    }
}
