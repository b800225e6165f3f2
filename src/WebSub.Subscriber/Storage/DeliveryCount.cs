using WebSub.Storage;

namespace WebSub.Subscriber.Storage;

/// <summary>How a delivery is counted in its subscription's row: one statement, whatever is learnt from it.</summary>
internal static class DeliveryCount
{
    // The moving average gives the last pause an eighth.
    private const string Counts = """
        update {subscriptions} set received = received + @Count,
          usual_pause = case when received_at is null or received_at > @ReceivedAt then usual_pause
            when usual_pause is null then (@ReceivedAt - received_at) / @Count
            else usual_pause + ((@ReceivedAt - received_at) / @Count - usual_pause) / 8 end,
          received_at = @ReceivedAt
        """;

    private const string Numbers = """
        , gap_after = case when series = @Series and last_number + 1 < @Number and gap_after is null then last_number else gap_after end,
          gap_before = case when series = @Series and last_number + 1 < @Number then @Number else gap_before end,
          last_number = case when series = @Series and last_number > @Number then last_number else @Number end,
          series = @Series
        """;

    /// <summary>Counts deliveries, the last of which came at that time.</summary>
    public static Task AddAsync(DbSession session, string subscriptionId, long count, DatabaseTime at) =>
        session.ExecuteAsync(
            Counts + " where id = @SubscriptionId",
            new
            {
                SubscriptionId = subscriptionId,
                Count = count,
                ReceivedAt = at,
            }
        );

    /// <summary>Counts a delivery with a number, and notes a hole before it.</summary>
    public static Task AddAsync(DbSession session, string subscriptionId, DatabaseTime at, string series, long number) =>
        session.ExecuteAsync(
            Counts + Numbers + " where id = @SubscriptionId",
            new
            {
                SubscriptionId = subscriptionId,
                Count = 1L,
                ReceivedAt = at,
                Series = series,
                Number = number,
            }
        );
}
