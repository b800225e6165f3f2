using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Hosting;

/// <summary>
/// Claims due rows and makes a request to a host for each. Requests in flight are limited in total and per host, and each host has a rate
/// limit; a row over a limit is postponed.
/// </summary>
/// <param name="node">This process.</param>
/// <param name="places">The slots for requests in flight.</param>
/// <param name="perHostPerMinute">Requests to one host per minute, on average and as a burst.</param>
/// <param name="signal">What ends the loop's sleep early.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The loop's log.</param>
internal abstract class HubClaimLoop<TRow>(
    HubNode node,
    WorkPlaces places,
    long perHostPerMinute,
    WorkSignal signal,
    HubClock time,
    ILogger logger
) : ClaimLoop<TRow>(signal, time, logger)
{
    /// <summary>How much longer a claim lasts than its request may take.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    /// <summary>How long a row waits if its host has no free slot.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    private readonly Rate _rate = new(perHostPerMinute, TimeSpan.FromMinutes(1), perHostPerMinute, time, StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    protected sealed override TimeSpan LongestSleep { get; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected sealed override bool MayClaim => node.IsSeen;

    /// <inheritdoc/>
    protected sealed override CancellationToken EndsWith => node.Stopping;

    /// <inheritdoc/>
    protected sealed override int Room => places.Free;

    /// <inheritdoc/>
    protected sealed override Action? MakeRoom => places.MakeRoom;

    /// <summary>How long a request may take.</summary>
    protected abstract TimeSpan Timeout { get; }

    /// <summary>When the next row may be claimed, by any node; null if none waits.</summary>
    protected abstract Task<DatabaseTime?> FindDueAsync(CancellationToken cancellationToken);

    /// <summary>Claims what is due.</summary>
    protected abstract Task<IReadOnlyList<TRow>> ClaimAsync(
        string node,
        int room,
        DatabaseTime now,
        DatabaseTime until,
        CancellationToken cancellationToken
    );

    /// <summary>The host that the request goes to.</summary>
    protected abstract string HostOf(TRow row);

    /// <summary>False if the row needs no request and so need not wait for its host.</summary>
    protected virtual bool AsksHost(TRow row) => true;

    /// <summary>False if the host is exempt from the rate limit.</summary>
    protected virtual bool IsPaced(TRow row) => true;

    /// <summary>Releases the claim and postpones the row until this time.</summary>
    protected abstract Task PostponeAsync(TRow row, DatabaseTime due, CancellationToken cancellationToken);

    /// <summary>Counts a row's request as several, as far as its host's rate limit goes.</summary>
    protected void Charge(TRow row, int times)
    {
        if (times > 0 && IsPaced(row))
            _rate.Charge(HostOf(row), times);
    }

    /// <summary>Does the work of one row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="crowdedOut">Cancelled when other requests need the slot.</param>
    /// <param name="cancellationToken">Cancelled when the application stops.</param>
    protected abstract Task RunAsync(TRow row, CancellationToken crowdedOut, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected sealed override Task ReadyAsync(CancellationToken cancellationToken) => node.ReadyToDeliverAsync(cancellationToken);

    /// <inheritdoc/>
    protected sealed override async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) =>
        await FindDueAsync(cancellationToken) is { } due ? due.ToMoment() : null;

    /// <inheritdoc/>
    protected sealed override Task<IReadOnlyList<TRow>> ClaimAsync(int room, CancellationToken cancellationToken)
    {
        var now = DatabaseTime.Now(Time);
        return ClaimAsync(node.Name, room, now, now + Timeout + Margin, cancellationToken);
    }

    /// <inheritdoc/>
    protected sealed override async Task RunAsync(TRow row, CancellationToken cancellationToken)
    {
        var host = HostOf(row);
        using var place = places.Take(host);
        if (WaitOf(row, host, place) is { } wait)
            await PostponeAsync(row, DatabaseTime.Now(Time) + wait, cancellationToken);
        else
            await RunAsync(row, place?.Ended ?? default, cancellationToken);
    }

    private TimeSpan? WaitOf(TRow row, string host, WorkPlaces.Place? place)
    {
        if (!AsksHost(row))
            return null;
        if (place is null)
            return Turn;
        return IsPaced(row) ? _rate.Take(host) : null;
    }
}
