using System.Collections.Frozen;
using WebSub.Publisher.Hubs;
using WebSub.Storage;

namespace WebSub.Publisher.Storage;

/// <summary>The hubs of this app's settings and who may send to them.</summary>
internal sealed class HubStore(PublisherDatabase database, PublisherHubs hubs)
{
    private FrozenDictionary<string, HubId> _ids = FrozenDictionary<string, HubId>.Empty;

    /// <summary>The hub's row.</summary>
    public HubId IdOf(string url) => _ids[url];

    /// <summary>Creates the rows of the configured hubs and remembers their ids.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken) =>
        _ids = await database.Db.WriteAsync(
            async session =>
            {
                var ids = new Dictionary<string, HubId>(StringComparer.Ordinal);
                foreach (var url in hubs.All.Select(h => h.Url).Order(StringComparer.Ordinal))
                {
                    await session.ExecuteAsync("insert into {hubs} (url) values (@url) on conflict (url) do nothing", new { url });
                    ids[url] = await session.ScalarAsync<HubId>("select id from {hubs} where url = @url", new { url });
                }

                return ids.ToFrozenDictionary(StringComparer.Ordinal);
            },
            cancellationToken
        );

    /// <summary>When one of our hubs is next due, taking the claims of other processes into account; null if nothing waits.</summary>
    public Task<DatabaseTime?> NextDueAsync(CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.ScalarAsync<DatabaseTime?>(
                    $$"""
                    select min({{session.Pick("max", "greatest")}}(w.due, w.not_before, w.claimed_until)) from (
                      select (select min(n.due) from {notices} n where n.hub_id = h.id) as due, h.not_before, h.claimed_until
                      from {hubs} h where {{session.AnyOf("h.id", "ids")}}) w
                    where w.due is not null
                    """,
                    new { ids = session.Ids(_ids.Values) }
                ),
            cancellationToken
        );

    /// <summary>Claims our hubs that are due; no other process sends to them before <paramref name="until"/>.</summary>
    public Task<IReadOnlyList<HubClaim>> ClaimAsync(
        string node,
        DatabaseTime now,
        DatabaseTime until,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync(
            session =>
            {
                var due = $$"""
                    select h.id from {hubs} h
                    where {{session.AnyOf("h.id", "ids")}} and h.claimed_until <= @now and h.not_before <= @now
                      and exists (select 1 from {notices} n where n.hub_id = h.id and n.due <= @now)
                    """;
                return session.QueryAsync<HubClaim>(
                    $$"""
                    update {hubs} set claimed_by = @node, claimed_until = @until, epoch = epoch + 1
                    where {{session.Pick($"id in ({due})", $"id = any(array({due} for update skip locked))")}}
                    returning id, url, failures, epoch, claimed_until
                    """,
                    new
                    {
                        ids = session.Ids(_ids.Values),
                        node,
                        now,
                        until,
                    }
                );
            },
            cancellationToken
        );

    /// <summary>Extends a claim. False if it was lost.</summary>
    public Task<bool> KeepAsync(HubClaim claim, DatabaseTime until, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            async session =>
                await session.ExecuteAsync(
                    "update {hubs} set claimed_until = @until where id = @Id and epoch = @Epoch",
                    new
                    {
                        claim.Id,
                        claim.Epoch,
                        until,
                    }
                ) > 0,
            cancellationToken
        );

    /// <summary>Releases a claim.</summary>
    public Task ReleaseAsync(HubClaim claim, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            session =>
                session.ExecuteAsync(
                    "update {hubs} set claimed_by = null, claimed_until = 0 where id = @Id and epoch = @Epoch",
                    new { claim.Id, claim.Epoch }
                ),
            cancellationToken
        );
}
