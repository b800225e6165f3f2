using System.Text.Json.Nodes;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>The messages, under their references.</summary>
internal sealed class MessageStore(HubDatabase database)
{
    /// <summary>Stores a message, inside the transaction that appends its events.</summary>
    public static Task AddAsync(DbSession session, HubMessage message, DatabaseTime now) =>
        session.ExecuteAsync(
            "insert into {messages} (reference, content, status, created_at, changed_at) values (@Reference, @Content, @Status, @now, "
                + "@now)",
            new
            {
                message.Reference,
                message.Content,
                message.Status,
                now,
            }
        );

    /// <summary>
    /// Gives a message another status, inside the transaction that appends the event. False if it has a final one, or this one already.
    /// </summary>
    public static async Task<bool> ChangeStatusAsync(DbSession session, HubMessage message, DatabaseTime now) =>
        await session.ExecuteAsync(
            "update {messages} set status = @Status, changed_at = @now where reference = @Reference and status not in (@accepted, "
                + "@rejected) and status <> @Status",
            new
            {
                message.Reference,
                message.Status,
                accepted = MessageStatus.Final[0],
                rejected = MessageStatus.Final[1],
                now,
            }
        ) > 0;

    /// <summary>The message, or null.</summary>
    public async Task<HubMessage?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        var row = await database.Db.ReadAsync(
            session =>
                session.FirstOrDefaultAsync<MessageRow>(
                    "select content, status from {messages} where reference = @reference",
                    new { reference }
                ),
            cancellationToken
        );
        if (row is null)
            return null;

        var json = JsonNode.Parse(row.Content)!.AsObject();
        return HubMessage.Restore(reference, json, row.Status, row.Content);
    }

    /// <summary>Removes messages that nothing has happened to since <paramref name="before"/>. Returns how many went.</summary>
    public Task<int> SweepAsync(DatabaseTime before, int max, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            session =>
                session.ExecuteAsync(
                    "delete from {messages} where reference in (select reference from {messages} where changed_at < @before limit @max)",
                    new { before, max }
                ),
            cancellationToken
        );
}
