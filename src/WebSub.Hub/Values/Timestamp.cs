namespace WebSub.Hub.Values;

/// <summary>
/// A time stamp of <see cref="TimeProvider.GetTimestamp"/>: what elapsed time is measured from. It means something in this process only.
/// </summary>
/// <param name="Ticks">The stamp, in units of <see cref="TimeProvider.TimestampFrequency"/>.</param>
internal readonly record struct Timestamp(long Ticks)
{
    /// <summary>The stamp of this moment.</summary>
    public static Timestamp Now(TimeProvider time) => new(time.GetTimestamp());

    /// <summary>True if it was taken earlier.</summary>
    public static bool operator <(Timestamp left, Timestamp right) => left.Ticks < right.Ticks;

    /// <summary>True if it was taken later.</summary>
    public static bool operator >(Timestamp left, Timestamp right) => left.Ticks > right.Ticks;

    /// <summary>True if it was taken earlier or at the same moment.</summary>
    public static bool operator <=(Timestamp left, Timestamp right) => left.Ticks <= right.Ticks;

    /// <summary>True if it was taken later or at the same moment.</summary>
    public static bool operator >=(Timestamp left, Timestamp right) => left.Ticks >= right.Ticks;
}
