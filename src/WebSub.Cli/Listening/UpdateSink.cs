using System.Collections.Concurrent;
using WebSub.Subscriber;

namespace WebSub.Cli.Listening;

/// <summary>Where updates go, whichever way they came: the filter, the terminal, then the targets. One at a time.</summary>
internal sealed class UpdateSink(ListenSettings settings, ListenPrinter printer, IReadOnlyList<UpdateTarget> targets, TimeProvider time)
    : IDisposable
{
    private const int ShownEntries = 5;
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, FeedChanges> _feeds = new();
    private readonly SemaphoreSlim _oneUpdate = new(1, 1);
    private int _updates;
    private bool _targetFailed;
    private bool _hasToldOfFilter;

    /// <summary>Completes after <c>--count</c> updates.</summary>
    public Task Enough => _enough.Task;

    /// <summary>True if a target failed to take an update, or something could not be printed.</summary>
    public bool HasFailures => _targetFailed || printer.HasFailed;

    /// <summary>An update arrived. One that the filter leaves out is not counted.</summary>
    /// <param name="notification">The update.</param>
    /// <param name="sequence">Its number in the topic's log, if it came from an event stream.</param>
    /// <param name="cancellationToken">The end.</param>
    public async Task TakeAsync(WebSubNotification notification, long? sequence, CancellationToken cancellationToken)
    {
        await _oneUpdate.WaitAsync(cancellationToken);
        try
        {
            // What comes after the last one that was wanted stays with the file, for the next time.
            if (_updates == settings.Count)
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
            if (!TryWrite(notification, sequence))
                return;
            foreach (var target in targets)
            {
                if (await TryAsync(target, notification, cancellationToken) is not { } fault)
                    continue;
                _targetFailed = true;
                Report.Complain(fault);
            }

            if (++_updates == settings.Count)
                _enough.TrySetResult();
        }
        finally
        {
            _oneUpdate.Release();
        }
    }

    public void Dispose() => _oneUpdate.Dispose();

    /// <summary>False if the filter leaves the update out.</summary>
    private bool TryWrite(WebSubNotification notification, long? sequence)
    {
        var isWanted = settings.Filter is null;
        try
        {
            var content = UpdateText.Of(notification);
            var entries = content.Text is null ? null : _feeds.GetOrAdd(notification.Topic, _ => new()).Read(notification, content.Text);
            if (settings.Filter is { } filter)
            {
                entries = entries is null ? null : filter.Fitting(entries);
                isWanted = entries is { Count: > 0 } || FitsJson(filter, content.Text);
            }

            if (isWanted)
                Write(notification, sequence, content, entries);
        }
#pragma warning disable CA1031 // The targets get their update all the same, unless it is not known whether they are to have it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _targetFailed = true;
            Report.Complain(
                $"An update of {notification.Body.Length} bytes could not be "
                    + $"{(isWanted ? "shown" : "filtered and is left out")}: {e.Message}"
            );
        }

        return isWanted;
    }

    private bool FitsJson(UpdateFilter filter, string? text)
    {
        var fits = filter.FitsJson(text, out var fault);
        if (fault is null || !settings.Verbose || _hasToldOfFilter)
            return fits;
        _hasToldOfFilter = true;
        Report.Detail($"--filter cannot be applied to an update, so that it does not fit; no more is said of others: {fault}");
        return fits;
    }

    private void Write(WebSubNotification notification, long? sequence, UpdateText content, IReadOnlyList<FeedChange>? entries)
    {
        var isSigned = notification.Subscription.IsSigned;
        printer.Write(
            new()
            {
                Event = EventName.Notification,
                Topic = notification.Topic,
                At = notification.ReceivedAt,
                Sequence = sequence,
                ContentType = notification.ContentType,
                Headers = notification.Headers.ToDictionary(h => h.Key, h => h.Value.ToString()),
                Body = content.Text,
                BodyBase64 = content.Text is null ? content.Bytes.ToArray() : null,
                Note = content.Note,
                Signature = isSigned ? "valid" : "none",
                DeliveryId = notification.DeliveryId,
            },
            $"{(sequence is { } number ? $"no. {number}, " : "")}{notification.ContentType ?? "without a type"}, "
                + $"{Size(notification.Body.Length)}{(sequence is not null ? "" : isSigned ? ", signature valid" : ", not signed")}",
            entries is null ? content.Preview() : Lines(entries)
        );
    }

    private IEnumerable<string> Lines(IReadOnlyList<FeedChange> entries)
    {
        if (entries.Count == 0)
            return ["no entry changed"];
        var shown = entries.Take(ShownEntries).SelectMany(e => e.Lines(time.LocalTimeZone));
        return entries.Count <= ShownEntries ? shown : shown.Append($"… and {entries.Count - ShownEntries} more");
    }

    private static async Task<string?> TryAsync(UpdateTarget target, WebSubNotification notification, CancellationToken cancellationToken)
    {
        try
        {
            return await target(notification, cancellationToken);
        }
#pragma warning disable CA1031 // The other targets get their update all the same.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return $"An update could not be passed on: {e.Message}";
        }
    }

    private static string Size(int bytes) => bytes == 1 ? "1 byte" : $"{bytes:N0} bytes";
}
