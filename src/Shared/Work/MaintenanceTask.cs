namespace WebSub.Work;

/// <summary>Something that <see cref="Maintenance"/> does regularly.</summary>
/// <param name="every">How long it rests when there is nothing left to do.</param>
/// <param name="signal">Ends the rest early; null if nothing does.</param>
internal abstract class MaintenanceTask(TimeSpan every, WorkSignal? signal = null)
{
    /// <summary>What ends the rest early.</summary>
    public WorkSignal Signal { get; } = signal ?? new();

    /// <summary>Does a step small enough not to hold anything up; true if there is more to do at once.</summary>
    public abstract Task<bool> RunAsync(CancellationToken cancellationToken);

    /// <summary>A step; returns how long to rest after it.</summary>
    public async Task<TimeSpan> StepAsync(CancellationToken cancellationToken) => await RunAsync(cancellationToken) ? TimeSpan.Zero : every;
}
