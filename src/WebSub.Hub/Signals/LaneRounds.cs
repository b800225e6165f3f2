using WebSub.Hub.Hosting;
using WebSub.Storage;

namespace WebSub.Hub.Signals;

/// <summary>
/// When this process last went round its lanes. On SQLite, where no claim is ever written, this takes the place of one: lanes that nobody
/// has looked after for as long as a claim lasts are nobody's.
/// </summary>
internal sealed class LaneRounds(HubClock time)
{
    private long _last = DatabaseTime.Now(time).Microseconds;

    /// <summary>When it was.</summary>
    public DatabaseTime Last => new(Volatile.Read(ref _last));

    /// <summary>It goes round them now.</summary>
    public void Begin() => Volatile.Write(ref _last, DatabaseTime.Now(time).Microseconds);
}
