using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>Keys that were created through the API. What is done with one is in the audit log with the same commit.</summary>
internal sealed class ApiKeyStore(HubDatabase database)
{
    private const string Columns = "id, name, hash, scopes, created_by, created_at, last_used_at, disabled_by, disabled_at";

    /// <summary>All of them, also those that are disabled.</summary>
    public Task<IReadOnlyList<ApiKeyRow>> AllAsync(CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session => session.QueryAsync<ApiKeyRow>($"select {Columns} from {{api_keys}} order by name"),
            cancellationToken
        );

    /// <summary>Stores a key. Returns the id of the action; null if there is, or was, a key with its name.</summary>
    public Task<long?> AddAsync(ApiKeyRow row, string? reason, CancellationToken cancellationToken) =>
        database.Db.WriteAsync<long?>(
            async session =>
            {
                var stored = await session.ExecuteAsync(
                    """
                    insert into {api_keys} (name, hash, scopes, created_by, created_at)
                    values (@Name, @Hash, @Scopes, @CreatedBy, @CreatedAt)
                    on conflict (name) do nothing
                    """,
                    row
                );
                return stored > 0
                    ? await ActionStore.LogAsync(session, Done(HubActionKind.CreateKey, row.Name, row.CreatedBy, row.CreatedAt, reason))
                    : null;
            },
            cancellationToken
        );

    /// <summary>
    /// Disables a key for good. Null if there is none with this name; one that is disabled stays as it is, and there is no action.
    /// </summary>
    public Task<(ApiKeyRow? Row, long? Action)> DisableAsync(
        string name,
        string by,
        string? reason,
        DatabaseTime now,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync<(ApiKeyRow? Row, long? Action)>(
            async session =>
            {
                var disabled = await session.ExecuteAsync(
                    "update {api_keys} set disabled_by = @by, disabled_at = @now where name = @name and disabled_at is null",
                    new
                    {
                        name,
                        by,
                        now,
                    }
                );
                long? action =
                    disabled > 0 ? await ActionStore.LogAsync(session, Done(HubActionKind.DisableKey, name, by, now, reason)) : null;
                return (
                    await session.FirstOrDefaultAsync<ApiKeyRow>($"select {Columns} from {{api_keys}} where name = @name", new { name }),
                    action
                );
            },
            cancellationToken
        );

    /// <summary>Notes that a key was used, unless that was noted since a moment.</summary>
    public Task UsedAsync(long id, DatabaseTime now, DatabaseTime since, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            session =>
                session.ExecuteAsync(
                    "update {api_keys} set last_used_at = @now where id = @id and (last_used_at is null or last_used_at <= @since)",
                    new
                    {
                        id,
                        now,
                        since,
                    }
                ),
            cancellationToken
        );

    private static ActionRow Done(HubActionKind kind, string name, string by, DatabaseTime at, string? reason) =>
        new()
        {
            Kind = kind.ToString(),
            Target = name,
            Reason = reason,
            RequestedBy = by,
            RequestedAt = at,
        };
}
