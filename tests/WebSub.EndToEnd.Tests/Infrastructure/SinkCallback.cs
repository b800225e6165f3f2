using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>One callback of a <see cref="CallbackSink"/> and what it got.</summary>
internal sealed class SinkCallback(string url, string topic, Secret? secret)
{
    private readonly Lock _gate = new();
    private readonly List<HubFields> _verifications = [];
    private readonly List<SinkDelivery> _deliveries = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Url => url;

    public string Topic => topic;

    public Secret? Secret => secret;

    /// <summary>False answers every challenge with 404.</summary>
    public bool Confirms { get; set; } = true;

    /// <summary>Chooses the status for a delivery; the default takes all of them.</summary>
    public Func<SinkDelivery, int> Respond { get; set; } = _ => 200;

    /// <summary>The GETs so far: challenges and denials.</summary>
    public IReadOnlyList<HubFields> Verifications
    {
        get
        {
            lock (_gate) return [.. _verifications];
        }
    }

    /// <summary>The POSTs so far.</summary>
    public IReadOnlyList<SinkDelivery> Deliveries
    {
        get
        {
            lock (_gate) return [.. _deliveries];
        }
    }

    public Task<IReadOnlyList<HubFields>> WaitForVerificationsAsync(int count) => WaitAsync(() => Verifications, count, "verifications");

    public Task<IReadOnlyList<SinkDelivery>> WaitForDeliveriesAsync(int count) => WaitAsync(() => Deliveries, count, "deliveries");

    internal void Record(HubFields verification) => Change(() => _verifications.Add(verification));

    internal int Receive(SinkDelivery delivery)
    {
        Change(() => _deliveries.Add(delivery));
        return Respond(delivery);
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }

    private async Task<IReadOnlyList<T>> WaitAsync<T>(Func<IReadOnlyList<T>> read, int count, string what)
    {
        using var deadline = new CancellationTokenSource(Deadline.Default);
        while (true)
        {
            Task changed;
            lock (_gate) changed = _changed.Task;
            var seen = read();
            if (seen.Count >= count) return seen;
            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new InvalidOperationException($"{url} got {seen.Count} {what} for {topic}, not {count}, in time.", e);
            }
        }
    }
}
