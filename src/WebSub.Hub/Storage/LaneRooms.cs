using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>The places that a topic's lanes have for new subscriptions.</summary>
internal static class LaneRooms
{
    /// <summary>The most subscriptions one lane has.</summary>
    public const int LaneSize = 1000;

    /// <summary>
    /// Takes places in the first lanes that have some; new lanes begin at the topic's head. Returns the lane of each place.
    /// </summary>
    public static async Task<IReadOnlyList<LaneId>> TakeAsync(DbSession session, TopicId topicId, long head, int count)
    {
        var places = new List<LaneId>(count);
        while (places.Count < count)
        {
            var rooms = await session.ReadAsync(
                "select id, size from {lanes} where topic_id = @topicId and size < @LaneSize order by number limit 1"
                    + session.Pick("", " for update"),
                new { topicId, LaneSize },
                row => (Lane: new LaneId(row.GetInt64(0)), Size: row.GetInt64(1))
            );
            if (rooms is [var room])
            {
                var taken = (int)Math.Min(count - places.Count, LaneSize - room.Size);
                await session.ExecuteAsync("update {lanes} set size = size + @taken where id = @Lane", new { taken, room.Lane });
                places.AddRange(Enumerable.Repeat(room.Lane, taken));
                continue;
            }

            await session.ExecuteAsync(
                """
                insert into {lanes} (topic_id, number, cursor)
                values (@topicId, (select coalesce(max(number), 0) + 1 from {lanes} where topic_id = @topicId), @head)
                on conflict (topic_id, number) do nothing
                """,
                new { topicId, head }
            );
        }

        return places;
    }
}
