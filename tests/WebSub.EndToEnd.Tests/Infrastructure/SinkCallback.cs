using Microsoft.AspNetCore.Http;
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

    /// <summary><c>hub.content</c> of its subscribe requests: <c>full</c> or <c>diff</c>; null leaves it to the hub.</summary>
    public string? Content { get; set; }

    /// <summary>False answers every challenge with 404.</summary>
    public bool Confirms { get; set; } = true;

    /// <summary>Chooses the status for a delivery; the default takes all of them.</summary>
    public Func<SinkDelivery, int> Respond { get; set; } = _ => 200;

    /// <summary>Answers deliveries in place of <see cref="Respond"/>, when it takes more than a status: time, a header, a body.</summary>
    public Func<SinkDelivery, HttpResponse, Task>? AnswerDelivery { get; set; }

    /// <summary>Answers challenges in another way than the protocol asks for.</summary>
    public Func<HubFields, HttpResponse, Task>? AnswerChallenge { get; set; }

    /// <summary>The GETs so far: challenges and denials.</summary>
    public IReadOnlyList<HubFields> Verifications
    {
        get
        {
            lock (_gate)
                return [.. _verifications];
        }
    }

    /// <summary>The POSTs so far.</summary>
    public IReadOnlyList<SinkDelivery> Deliveries
    {
        get
        {
            lock (_gate)
                return [.. _deliveries];
        }
    }

    public Task<IReadOnlyList<HubFields>> WaitForVerificationsAsync(int count, TimeSpan? deadline = null) =>
        WaitAsync(() => Verifications, seen => seen.Count >= count, $"{count} verifications", deadline);

    public Task<IReadOnlyList<SinkDelivery>> WaitForDeliveriesAsync(int count, TimeSpan? deadline = null) =>
        WaitAsync(() => Deliveries, seen => seen.Count >= count, $"{count} deliveries", deadline);

    /// <summary>Waits for a delivery that matches.</summary>
    public Task WaitForDeliveryAsync(Func<SinkDelivery, bool> match) =>
        WaitAsync(() => Deliveries, seen => seen.Any(match), "the one that the test waits for", null);

    /// <summary>Waits for deliveries of so many entries, however often each is repeated.</summary>
    public Task<IReadOnlyList<SinkDelivery>> WaitForEntriesAsync(int count, TimeSpan? deadline = null) =>
        WaitAsync(() => Deliveries, seen => seen.DistinctBy(d => d.DeliveryId).Count() >= count, $"{count} entries", deadline);

    internal void Record(HubFields verification) => Change(() => _verifications.Add(verification));

    internal async Task ReceiveAsync(SinkDelivery delivery, HttpResponse response)
    {
        Change(() => _deliveries.Add(delivery));
        if (AnswerDelivery is { } answer)
            await answer(delivery, response);
        else
            response.StatusCode = Respond(delivery);
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

    private async Task<IReadOnlyList<T>> WaitAsync<T>(
        Func<IReadOnlyList<T>> read,
        Func<IReadOnlyList<T>, bool> enough,
        string what,
        TimeSpan? atMost
    )
    {
        using var deadline = new CancellationTokenSource(atMost ?? Deadline.Default);
        while (true)
        {
            Task changed;
            lock (_gate)
                changed = _changed.Task;
            var seen = read();
            if (enough(seen))
                return seen;
            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new InvalidOperationException($"{url} got {seen.Count} requests for {topic}, not {what}, in time.", e);
            }
        }
    }
}
