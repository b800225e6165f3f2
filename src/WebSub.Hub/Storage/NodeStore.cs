using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>The nodes that share a PostgreSQL database. A row says what a node is, and its lock that it lives (rule 26).</summary>
internal sealed class NodeStore(HubDatabase database)
{
    /// <summary>The names under which locks are held; those of other programs may be among them.</summary>
    public const string Locked =
        "select lpad(to_hex(classid::bigint), 8, '0') || lpad(to_hex(objid::bigint), 8, '0') from pg_locks "
        + "where locktype = 'advisory' and objsubid = 1 and granted";

    /// <summary>Stores what a node is, which has its lock, and removes those that are gone.</summary>
    public Task RegisterAsync(NodeRow row, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync($"delete from {{nodes}} where name not in ({Locked})");
                await session.ExecuteAsync(
                    """
                    insert into {nodes} (name, started_at, version, roles) values (@Name, @StartedAt, @Version, @Roles)
                    on conflict (name) do nothing
                    """,
                    row
                );
            },
            cancellationToken
        );

    /// <summary>The nodes that live, whether or not they hold lanes.</summary>
    public Task<IReadOnlyList<NodeRow>> LivingAsync(CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.ReadAsync(
                    $"select name, started_at, version, roles from {{nodes}} where name in ({Locked}) order by name",
                    null,
                    row => new NodeRow(row.GetString(0), new(row.GetInt64(1)), row.GetString(2), row.GetString(3))
                ),
            cancellationToken
        );
}
