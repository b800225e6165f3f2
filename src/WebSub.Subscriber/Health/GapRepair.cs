using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Http;
using WebSub.Subscriber.Diagnostics;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;
using WebSub.Work;

namespace WebSub.Subscriber.Health;

/// <summary>
/// Fills holes in numbered delivery ids from the hub's history. What is late comes by itself, so a hole is left alone for a while.
/// </summary>
internal sealed class GapRepair(
    SubscriberNode node,
    HealthStore health,
    SubscriptionStore store,
    SubscriberHttp http,
    FoundUpdates found,
    CallbackUrls callbacks,
    ChangeFeed feed,
    SubscriberMetrics metrics,
    IOptions<WebSubSubscriberOptions> options,
    ILogger<GapRepair> logger
) : MaintenanceTask(TimeSpan.FromMinutes(1))
{
    /// <summary>More is not asked for at a time; the rest of a hole is filled at the next look.</summary>
    private const int MaxItems = 200;

    private const long MaxPageBytes = 64L * 1024 * 1024;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private HashSet<GapRow> _seen = [];

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (!node.AnswersHubs || !options.Value.Health.FillGaps)
            return false;
        var gaps = await health.GapsAsync(cancellationToken);
        foreach (var gap in gaps.Where(_seen.Contains))
            await FillAsync(gap, cancellationToken);
        _seen = [.. gaps];
        return false;
    }

    private async Task FillAsync(GapRow gap, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(Guid.Parse(gap.Id), cancellationToken) is not { Active: { } active } subscription)
        {
            await health.CloseGapAsync(gap, cancellationToken);
            return;
        }

        var (page, fault, isFinal) = await ReadAsync(subscription, active, gap, cancellationToken);
        if (page is null)
        {
            if (!isFinal)
                return;
            Log.GapRemains(logger, subscription.Id, gap.GapAfter + 1, gap.GapBefore - 1, active.Hub, fault!);
            await health.CloseGapAsync(gap, cancellationToken);
            return;
        }

        var items = page.Items.Where(i => i.Sequence > gap.GapAfter && i.Sequence < gap.GapBefore).ToList();
        var filled = 0;
        foreach (var item in items)
        {
            if (await PassOnAsync(subscription, active, item, cancellationToken))
                filled++;
        }

        if (filled > 0)
        {
            await health.MissedAsync(subscription.Id, filled, cancellationToken);
            metrics.UpdatesMissed(filled, "history");
            Log.GapFilled(logger, subscription.Id, filled, active.Hub);
            var why = $"{filled} updates that the hub did not deliver were read from its history.";
            feed.Publish(WebSubChangeKind.UpdateMissed, callbacks.View(subscription), why);
        }

        // A page that is full may not reach the end of the hole: the rest of it is looked at next.
        var through = page.Items.Count == MaxItems ? Math.Min(page.Items[^1].Sequence, gap.GapBefore) : gap.GapBefore;
        await health.CloseGapAsync(gap, through, cancellationToken);
    }

    private Task<bool> PassOnAsync(
        Subscription subscription,
        ConfirmedPart active,
        HistoryItem item,
        CancellationToken cancellationToken
    ) =>
        found.PassOnAsync(
            new()
            {
                Subscription = subscription,
                Source = WebSubNotificationSource.History,
                Topic = active.Topic,
                Body = item.Bytes,
                ContentType = item.ContentType,
                DeliveryId = item.DeliveryId,
            },
            cancellationToken
        );

    /// <summary>A page of the history; or why there is none, and whether that will stay so.</summary>
    private async Task<(HistoryPage? Page, string? Fault, bool IsFinal)> ReadAsync(
        Subscription subscription,
        ConfirmedPart active,
        GapRow gap,
        CancellationToken cancellationToken
    )
    {
        var url = $"{EventStreamUrl.Of(active.Hub, active.Topic, gap.GapAfter)}&limit={MaxItems}";
        // The network keeps real time.
        using var deadline = new CancellationTokenSource(Deadline, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
            foreach (var (name, value) in subscription.Options.Headers)
                request.Headers.TryAddWithoutValidation(name, value);
            using var response = await http.ClientFor(subscription.Options.HttpClient)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                var isOutage = (int)response.StatusCode is >= 500 or 429;
                return (null, $"Its history answered {(int)response.StatusCode}.", !isOutage);
            }

            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            if (await BoundedBody.ReadAsync(stream, MaxPageBytes, either.Token) is not { } body)
                return (null, "A page of its history is too large.", true);
            return
                JsonSerializer.Deserialize<HistoryPage>(body, JsonSerializerOptions.Web) is { Items: { } items } page
                && !items.Contains(null!)
                ? (page, null, true)
                : throw new JsonException();
        }
        catch (JsonException)
        {
            return (null, "It has no history of the kind our hub has.", true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "Its history did not answer in time.", false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (null, e.Message, false);
        }
    }
}
