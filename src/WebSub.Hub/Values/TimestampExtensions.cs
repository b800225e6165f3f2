namespace WebSub.Hub.Values;

/// <summary>Elapsed time between time stamps.</summary>
internal static class TimestampExtensions
{
    /// <summary>How much time has passed since a stamp was taken.</summary>
    public static TimeSpan GetElapsedTime(this TimeProvider time, Timestamp since) => time.GetElapsedTime(since.Ticks);

    /// <summary>How much time passed between two stamps.</summary>
    public static TimeSpan GetElapsedTime(this TimeProvider time, Timestamp since, Timestamp until) =>
        time.GetElapsedTime(since.Ticks, until.Ticks);
}
