using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Administration;

/// <summary>Looks at the hub as a whole. Pages that many have open ask all the time, so what was read is good for two seconds.</summary>
internal sealed class OverviewReader(StateStore store, SendGate gate, DeliveryMinutes minutes, HubClock time)
{
    private const int Hosts = 5;
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private Task<HubOverview>? _reading;
    private long _readAt;

    public Task<HubOverview> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_reading is null or { IsFaulted: true } or { IsCanceled: true } || time.GetElapsedTime(_readAt) >= FreshFor)
                (_reading, _readAt) = (LookAsync(), time.GetTimestamp());
            return _reading.WaitAsync(cancellationToken);
        }
    }

    private async Task<HubOverview> LookAsync()
    {
        await Task.Yield();
        var now = DatabaseTime.Now(time);
        var state = await store.ReadAsync(now, CancellationToken.None);
        var hosts = await store.FailingHostsAsync(Hosts, CancellationToken.None);
        var fetches = await store.FailingFetchesAsync(CancellationToken.None);
        var hour = await minutes.LastHourAsync(now, CancellationToken.None);
        var silent = gate.Origins().Where(o => o.IsSilent).Select(o => (o.Origin, o.UntilProbe)).ToList();
        return new()
        {
            At = now.ToMoment(),
            Topics = state.Topics,
            Subscriptions = state.Subscriptions,
            Behind = state.Behind,
            Lag = state.LagSum,
            LagMax = state.LagMax,
            RequestsWaiting = state.RequestsWaiting,
            DeadLetters = state.DeadLetters,
            LanesWaiting = state.LanesWithWork,
            OldestDueSeconds = Math.Round(state.OldestDue.TotalSeconds, 1),
            AttemptsWaiting = gate.Waiting,
            AttemptsInFlight = gate.InFlight,
            Troubles = HubTroubles.Of(state, hosts, silent, fetches),
            LastHour = hour,
        };
    }
}
