namespace WebSub.Hub.Hosting;

/// <summary>
/// The host's clock, corrected by its difference from the database's, so that all nodes write claims, due times and leases in one shared
/// time (rule 25). On SQLite, which has one process, it is the host's clock.
/// </summary>
internal sealed class HubClock(TimeProvider host) : TimeProvider
{
    private long _offsetTicks;

    /// <summary>How far the database's clock is ahead of the host's.</summary>
    public TimeSpan Offset
    {
        get => new(Volatile.Read(ref _offsetTicks));
        set => Volatile.Write(ref _offsetTicks, value.Ticks);
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => host.GetUtcNow() + Offset;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => host.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => host.TimestampFrequency;

    /// <summary>The host's own time, uncorrected.</summary>
    public DateTimeOffset GetHostUtcNow() => host.GetUtcNow();

    /// <inheritdoc/>
    public override long GetTimestamp() => host.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        host.CreateTimer(callback, state, dueTime, period);
}
