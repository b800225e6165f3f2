using Microsoft.Extensions.Options;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>
/// Sends what has a place, and looks every 10 ms at what is in flight. Who has a place is decided by its <see cref="SendPlaces"/>. Waiting
/// here is not a failure: the straggler clock starts when the request is sent (rule 14).
/// </summary>
internal sealed class SendGate : IDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly SendPlaces _places;
    private readonly DeliverySender _sender;
    private readonly EntryContents _contents;
    private readonly DeliveryMetrics _metrics;
    private readonly RecentAttempts _recent;
    private readonly ITimer _timer;
    private readonly HubClock _time;
    private readonly TaskCompletionSource _allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _sweeping;
    private bool _closed;
    private int _running;

    public SendGate(
        IOptions<HubOptions> options,
        DeliverySender sender,
        EntryContents contents,
        DeliveryMetrics metrics,
        RecentAttempts recent,
        HubClock time
    )
    {
        _places = new(options.Value.Delivery, time);
        (_sender, _contents, _metrics, _recent) = (sender, contents, metrics, recent);
        _time = time;
        _timer = time.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The bytes of large contents that attempts in flight hold (rule 34).</summary>
    public long ContentBytes
    {
        get
        {
            lock (_lock)
                return _places.ContentBytes;
        }
    }

    /// <summary>Attempts that wait for a place.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _places.Waiting;
        }
    }

    /// <summary>Attempts in flight.</summary>
    public int InFlight
    {
        get
        {
            lock (_lock)
                return _places.InFlight;
        }
    }

    /// <summary>The origins that it has something to do with.</summary>
    public IReadOnlyList<OriginState> Origins()
    {
        lock (_lock)
            return _places.Origins();
    }

    /// <summary>Queues an attempt; it is sent as soon as there is a place.</summary>
    public void Enqueue(Attempt attempt)
    {
        bool passes;
        lock (_lock)
            passes = _places.Enqueue(attempt);
        if (passes)
            Pump();
        else
            attempt.Owner.OnNoPlace(attempt);
    }

    /// <summary>
    /// Starts nothing more. Completes once the owners have heard how the attempts in flight ended, or after so long: what is still in
    /// flight then is sent again after a restart.
    /// </summary>
    public async Task CloseAsync(TimeSpan atMost)
    {
        lock (_lock)
        {
            _closed = true;
            if (_running == 0)
                return;
        }

        // The process is stopped in real time, whatever clock its work goes by.
        await _allEnded.Task.WaitAsync(atMost, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Starts what can have a place.</summary>
    /// <param name="ended">How many attempts have ended, and their owners know.</param>
    private void Pump(int ended = 0)
    {
        while (true)
        {
            Attempt? next;
            lock (_lock)
            {
                _running -= ended;
                ended = 0;
                next = _closed ? null : _places.TakeNext();
                if (next is not null)
                {
                    _running++;
                    StartSweeping_NeedsLock();
                }
                else if (_closed && _running == 0)
                {
                    _allEnded.TrySetResult();
                }
            }

            if (next is null)
                return;
            _ = RunAsync(next);
        }
    }

    private async Task RunAsync(Attempt attempt)
    {
        // Another turn of the same attempt has a source of its own.
        using var cancellation = attempt.Cancellation!;
        if (!attempt.Owner.MayStart(attempt))
        {
            // The pump that called us goes on with the next one.
            lock (_lock)
            {
                _places.Drop(attempt);
                _running--;
            }

            return;
        }

        var sending = attempt.Entry.Carried is { } carried
            ? SendAsync(attempt, carried, cancellation.Token)
            : ReadAndSendAsync(attempt, cancellation.Token);
        // An answer without any waiting must not grow the stack: its owner queues the next attempt from here.
        if (sending.IsCompleted)
            await Task.Yield();
        if (await sending is not { } outcome)
        {
            NotRead(attempt);
            return;
        }

        var took = _time.GetElapsedTime(attempt.StartedAt.Ticks);
        if (outcome.Result != DeliveryResult.Delivered)
            outcome = outcome with { Duration = took };
        _metrics.Ended(attempt, outcome, took);
        _recent.Ended(attempt, outcome, took);
        bool counts;
        List<Attempt>? stuck = null;
        lock (_lock)
            counts = _places.End(attempt, outcome, ref stuck);
        if (counts)
            attempt.Owner.OnCompleted(attempt, outcome);
        foreach (var waiting in stuck ?? [])
            waiting.Owner.OnNoPlace(waiting);
        Pump(ended: 1);
    }

    private Task<DeliveryOutcome?> SendAsync(Attempt attempt, EntryContent content, CancellationToken cancellationToken) =>
        _sender.SendAsync(attempt.Target, attempt.Entry, content, attempt.Owner.TraceContext, cancellationToken)!;

    /// <summary>
    /// Sends a large content, of which there is one copy for all attempts that send it at the same time. Null if it could not be read.
    /// </summary>
    private async Task<DeliveryOutcome?> ReadAndSendAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        EntryContent? content = null;
        var opening = _contents.OpenAsync(attempt.Entry);
        try
        {
            await ((Task)opening).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (opening.IsCompletedSuccessfully)
                content = await opening;
            return content is { } read ? await SendAsync(attempt, read, cancellationToken) : null;
        }
        finally
        {
            _contents.Close(attempt.Entry);
        }
    }

    /// <summary>
    /// The database is away, or the entry was pruned at this moment: that says nothing about the callback, so it was not tried. A straggler
    /// has left its lane as one that was, and counts as timed out.
    /// </summary>
    private void NotRead(Attempt attempt)
    {
        bool straggled;
        lock (_lock)
        {
            straggled = attempt.IsStraggling;
            _places.Drop(attempt);
        }

        if (straggled)
            attempt.Owner.OnCompleted(attempt, DeliveryOutcome.TimedOut);
        else
            attempt.Owner.OnNoPlace(attempt);
        Pump(ended: 1);
    }

    /// <summary>Moves attempts that have grown old to the slow gate, tells of stragglers, ends what is over its time.</summary>
    private void Sweep()
    {
        List<Attempt>? stragglers = null;
        List<CancellationTokenSource>? overdue = null;
        List<Attempt>? stuck = null;
        lock (_lock)
        {
            _places.Sweep(ref stragglers, ref overdue, ref stuck);
            _sweeping = false;
            if (_places.IsBusy)
                StartSweeping_NeedsLock();
        }

        foreach (var attempt in stragglers ?? [])
            attempt.Owner.OnStraggling(attempt);
        foreach (var attempt in stuck ?? [])
            attempt.Owner.OnNoPlace(attempt);
        foreach (var cancellation in overdue ?? [])
            Cancel(cancellation);
        Pump();
    }

    private void StartSweeping_NeedsLock()
    {
        if (_sweeping)
            return;
        _sweeping = true;
        _timer.Change(SweepEvery, Timeout.InfiniteTimeSpan);
    }

    private static void Cancel(CancellationTokenSource cancellation)
    {
        try
        {
            cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was answered in this very moment.
        }
    }
}
