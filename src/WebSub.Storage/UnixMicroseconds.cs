namespace WebSub.Storage;

/// <summary>Time in the database: whole microseconds since 1970-01-01T00:00:00Z, in both dialects.</summary>
internal static class UnixMicroseconds
{
    /// <summary>The clock's time.</summary>
    public static long Now(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return From(time.GetUtcNow());
    }

    /// <summary>A moment as the database stores it.</summary>
    public static long From(DateTimeOffset moment) => (moment.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>A length as the database stores it.</summary>
    public static long From(TimeSpan length) => length.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>A moment read from the database.</summary>
    public static DateTimeOffset ToMoment(long microseconds) =>
        new(DateTimeOffset.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
