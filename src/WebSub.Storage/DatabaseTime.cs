namespace WebSub.Storage;

/// <summary>A moment as both dialects store it: whole microseconds since 1970-01-01T00:00:00Z.</summary>
/// <param name="Microseconds">How many.</param>
internal readonly record struct DatabaseTime(long Microseconds) : IComparable<DatabaseTime>, IColumnValue<DatabaseTime, long>
{
    /// <summary>1970-01-01T00:00:00Z, for columns in which it means "never" or "at once".</summary>
    public static DatabaseTime Epoch => default;

    /// <inheritdoc/>
    long IColumnValue<DatabaseTime, long>.Stored => Microseconds;

    /// <summary>The clock's time.</summary>
    public static DatabaseTime Now(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return From(time.GetUtcNow());
    }

    /// <summary>A moment, cut to the microsecond.</summary>
    public static DatabaseTime From(DateTimeOffset moment) =>
        new((moment.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);

    /// <inheritdoc cref="From(DateTimeOffset)"/>
    public static DatabaseTime? From(DateTimeOffset? moment) => moment is { } known ? From(known) : null;

    /// <inheritdoc/>
    static DatabaseTime IColumnValue<DatabaseTime, long>.FromStored(long stored) => new(stored);

    /// <summary>A length of time in microseconds, for statements that add it to a moment.</summary>
    public static long LengthOf(TimeSpan length) => length.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>The earlier of two.</summary>
    public static DatabaseTime Min(DatabaseTime left, DatabaseTime right) => left < right ? left : right;

    /// <summary>The later of two.</summary>
    public static DatabaseTime Max(DatabaseTime left, DatabaseTime right) => left > right ? left : right;

    /// <summary>The same moment for everything outside the database.</summary>
    public DateTimeOffset ToMoment() => new(DateTimeOffset.UnixEpoch.Ticks + (Microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <inheritdoc/>
    public int CompareTo(DatabaseTime other) => Microseconds.CompareTo(other.Microseconds);

    /// <summary>True if it is earlier.</summary>
    public static bool operator <(DatabaseTime left, DatabaseTime right) => left.Microseconds < right.Microseconds;

    /// <summary>True if it is later.</summary>
    public static bool operator >(DatabaseTime left, DatabaseTime right) => left.Microseconds > right.Microseconds;

    /// <summary>True if it is earlier or the same.</summary>
    public static bool operator <=(DatabaseTime left, DatabaseTime right) => left.Microseconds <= right.Microseconds;

    /// <summary>True if it is later or the same.</summary>
    public static bool operator >=(DatabaseTime left, DatabaseTime right) => left.Microseconds >= right.Microseconds;

    /// <summary>A later moment.</summary>
    public static DatabaseTime operator +(DatabaseTime moment, TimeSpan length) => new(moment.Microseconds + LengthOf(length));

    /// <summary>An earlier moment.</summary>
    public static DatabaseTime operator -(DatabaseTime moment, TimeSpan length) => new(moment.Microseconds - LengthOf(length));

    /// <summary>How much time is between two moments.</summary>
    public static TimeSpan operator -(DatabaseTime left, DatabaseTime right) =>
        TimeSpan.FromMicroseconds(left.Microseconds - right.Microseconds);
}
