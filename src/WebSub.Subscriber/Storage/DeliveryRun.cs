using WebSub.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Storage;

/// <summary>
/// Deliveries of one subscription that are counted at once: those without a number, or those whose numbers follow each other.
/// </summary>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="Count">How many they are.</param>
/// <param name="At">When the last of them came.</param>
/// <param name="Series">The series of their numbers; null without.</param>
/// <param name="First">Their first number.</param>
/// <param name="Last">Their last number.</param>
internal sealed record DeliveryRun(string SubscriptionId, long Count, DatabaseTime At, string? Series = null, long First = 0, long Last = 0)
{
    /// <summary>
    /// The runs of deliveries that arrived together, each subscription's in order. Numbers count in their own order: connections overtake
    /// each other, and only what none of them brought is missing.
    /// </summary>
    public static IReadOnlyList<DeliveryRun> Of(IEnumerable<InboxRow> rows)
    {
        var runs = new List<DeliveryRun>();
        var series = rows.Select(r => (Row: r, Number: DeliveryNumber.Of(r.DeliveryId)))
            .GroupBy(r => (r.Row.SubscriptionId, r.Number?.Series))
            .OrderBy(g => g.Key.SubscriptionId, StringComparer.Ordinal)
            .ThenBy(g => g.Max(r => r.Row.ReceivedAt.Microseconds));
        foreach (var (row, number) in series.SelectMany(g => g.OrderBy(r => r.Number?.Number)))
        {
            if (runs.Count > 0 && runs[^1].Continues(row, number))
                runs[^1] = runs[^1].With(row, number);
            else
                runs.Add(new(row.SubscriptionId, 1, row.ReceivedAt, number?.Series, number?.Number ?? 0, number?.Number ?? 0));
        }

        return runs;
    }

    private bool Continues(InboxRow row, DeliveryNumber? number) =>
        SubscriptionId == row.SubscriptionId && Series == number?.Series && (number is null || number.Number <= Last + 1);

    private DeliveryRun With(InboxRow row, DeliveryNumber? number) =>
        this with
        {
            Count = Count + 1,
            At = row.ReceivedAt.Microseconds > At.Microseconds ? row.ReceivedAt : At,
            Last = number?.Number ?? 0,
        };
}
