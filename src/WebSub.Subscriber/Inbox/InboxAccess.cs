using System.Runtime.CompilerServices;
using WebSub.Storage;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Inbox;

/// <inheritdoc/>
internal sealed class InboxAccess(InboxStore store, Wakeups wakeups, TimeProvider time) : IWebSubInbox
{
    private const int PageSize = 200;

    public async IAsyncEnumerable<WebSubInboxItem> ListAsync(
        WebSubInboxFilter? filter = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var last = 0L;
        while (true)
        {
            var page = await store.ListAsync(filter?.Subscription, filter?.State?.ToString(), last, PageSize, cancellationToken);
            foreach (var row in page)
                yield return View(row);
            if (page.Count < PageSize)
                yield break;
            last = page[^1].Id;
        }
    }

    public async Task<bool> ReplayAsync(long id, CancellationToken cancellationToken = default)
    {
        var isThere = await store.ReplayAsync(id, time.GetUtcNow(), cancellationToken);
        if (isThere)
            wakeups.Inbox();
        return isThere;
    }

    public async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(long id, CancellationToken cancellationToken = default)
    {
        // Not "? row.Body : null": a null array would become an empty body.
        if (await store.FindAsync(id, cancellationToken) is not { } row)
            return null;
        return row.Body;
    }

    private static WebSubInboxItem View(InboxItemRow row) =>
        new()
        {
            Id = row.Id,
            SubscriptionId = Guid.Parse(row.SubscriptionId),
            Topic = row.Topic,
            DeliveryId = row.DeliveryId,
            ContentType = row.ContentType,
            Length = row.Length,
            ReceivedAt = row.ReceivedAt.ToMoment(),
            State = Enum.Parse<WebSubInboxState>(row.State),
            Attempts = (int)row.Attempts,
            NextAttemptAt = row.Due?.ToMoment(),
            FinishedAt = row.FinishedAt?.ToMoment(),
            LastError = row.LastError,
        };
}
