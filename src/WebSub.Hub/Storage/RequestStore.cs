using System.Security.Cryptography;
using System.Text;
using WebSub.Protocol;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// The requests that wait for verification. There is at most one per topic and callback: the newest replaces an older one (rule 12).
/// Requests that arrive together are stored together.
/// </summary>
internal sealed class RequestStore : IAsyncDisposable
{
    private const string Columns =
        "pair bytea, mode text, topic text, callback text, pattern text, secret bytea, lease_seconds bigint, signature_method text, "
        + "content text, delivery text, initial bigint, verify_token text, verdict text, reason text, parameters text, due bigint";

    private readonly HubDatabase _database;
    private readonly GroupWriter<ArrivedRequest> _arrived;

    public RequestStore(HubDatabase database) => (_database, _arrived) = (database, new(database.Db, SizeOf, AddAsync));

    /// <summary>Stores a request; when this returns it survives a crash.</summary>
    public Task AddAsync(RequestRow request, DatabaseTime now, CancellationToken cancellationToken) =>
        _arrived.WriteAsync(new(request, now), cancellationToken);

    /// <summary>The same inside a caller's transaction.</summary>
    public static Task AddAsync(DbSession session, RequestRow request, DatabaseTime now) => AddAsync(session, [new(request, now)]);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _arrived.DisposeAsync();

    /// <summary>Takes requests that are due; no other node gets them before <paramref name="until"/>.</summary>
    public Task<IReadOnlyList<RequestRow>> ClaimAsync(
        string node,
        int max,
        DatabaseTime now,
        DatabaseTime until,
        CancellationToken cancellationToken
    ) =>
        _database.Db.WriteAsync(
            session =>
                session.QueryAsync<RequestRow>(
                    $$"""
                update {requests} set claimed_by = @node, epoch = epoch + 1, due = @until
                where {{session.Pick(
                    "id in (select id from {requests} where due <= @now order by due limit @max)",
                    "id = any(array(select id from {requests} where due <= @now order by due limit @max for update skip locked))")}}
                returning id, mode, topic, callback, pattern, secret, lease_seconds, signature_method, content, delivery, initial,
                  verify_token, verdict, reason, parameters, generation, attempts, epoch
                """,
                    new
                    {
                        node,
                        max,
                        now,
                        until,
                    }
                ),
            cancellationToken
        );

    /// <summary>Whether a request to subscribe of this pair waits for its verification.</summary>
    public static async Task<bool> IsSubscribePendingAsync(DbSession session, RequestRow request) =>
        await session.ScalarAsync<long?>(
            "select 1 from {requests} where pair = @pair and mode = @Subscribe",
            new { pair = PairOf(request), HubModes.Subscribe }
        )
            is not null;

    /// <summary>Ends a request of this pair that waits, for one that needs no waiting takes its place.</summary>
    public static Task ReplaceAsync(DbSession session, RequestRow request) =>
        session.ExecuteAsync("delete from {requests} where pair = @pair", new { pair = PairOf(request) });

    /// <summary>When the next request is due, or null.</summary>
    public Task<DatabaseTime?> NextDueAsync(CancellationToken cancellationToken) =>
        _database.Db.ReadAsync(session => session.ScalarAsync<DatabaseTime?>("select min(due) from {requests}"), cancellationToken);

    /// <summary>
    /// Ends a request that is decided, inside the transaction that acts on it. False if a newer one took its place, which is due now, or if
    /// the claim was lost: then another node decides.
    /// </summary>
    public static async Task<bool> FinishAsync(DbSession session, RequestRow request, DatabaseTime now) =>
        (await FinishAsync(session, [request], now)).Count > 0;

    /// <summary>The same for several; returns the ids of those that count.</summary>
    public static async Task<IReadOnlySet<long>> FinishAsync(DbSession session, IReadOnlyList<RequestRow> requests, DatabaseTime now)
    {
        var finished = await session.ReadAsync(
            $$"""
            delete from {requests} where {{session.AnyOf("id", "ids")}} and (id, generation, epoch) in
              (select v.id, v.generation, v.epoch from {{JsonRows.As(session, "id bigint, generation bigint, epoch bigint")}})
            returning id
            """,
            new
            {
                ids = session.Ids(requests.Select(r => r.Id)),
                rows = JsonRows.Of(requests.Select(r => new object?[] { r.Id, r.Generation, r.Epoch })),
            },
            row => row.GetInt64(0)
        );
        var counting = finished.ToHashSet();
        foreach (var request in requests.Where(r => !counting.Contains(r.Id)))
            await ReleaseAsync(session, request, now);
        return counting;
    }

    /// <summary>Ends a request that came to nothing.</summary>
    public Task DropAsync(RequestRow request, Ending ending, CancellationToken cancellationToken) =>
        _database.Db.WriteAsync(
            async session =>
            {
                // A revoked subscription has ended already, and a callback that takes a denial badly has been denied all the same.
                var topic = request.Pattern ?? request.Topic;
                if (
                    await FinishAsync(session, request, ending.At)
                    && await EndingStore.FindAsync(session, topic, request.Callback) is not { Kind: Ending.Revoked }
                )
                    await EndingStore.AddAsync(session, [(topic, request.Callback, null)], ending);
            },
            cancellationToken
        );

    /// <summary>Has the callback told that its request is denied (§5.2: also after it was verified).</summary>
    public Task DenyAsync(RequestRow request, string reason, DatabaseTime now, CancellationToken cancellationToken) =>
        _database.Db.WriteAsync(
            async session =>
            {
                var denied = await session.ExecuteAsync(
                    "update {requests} set verdict = @verdict, reason = @reason, attempts = 0, due = @now, claimed_by = null "
                        + "where id = @Id and generation = @Generation and epoch = @Epoch",
                    new
                    {
                        request.Id,
                        request.Generation,
                        request.Epoch,
                        verdict = nameof(IntentVerdict.Denied),
                        reason,
                        now,
                    }
                );
                if (denied == 0)
                    await ReleaseAsync(session, request, now);
            },
            cancellationToken
        );

    /// <summary>Puts a request off; a newer one that took its place meanwhile is due now instead.</summary>
    public Task RetryAsync(RequestRow request, DatabaseTime due, string error, DatabaseTime now, CancellationToken cancellationToken) =>
        _database.Db.WriteAsync(
            async session =>
            {
                var put = await session.ExecuteAsync(
                    "update {requests} set attempts = attempts + 1, due = @due, claimed_by = null, last_error = @error where id = @Id "
                        + "and generation = @Generation and epoch = @Epoch",
                    new
                    {
                        request.Id,
                        request.Generation,
                        request.Epoch,
                        due,
                        error,
                    }
                );
                if (put == 0)
                    await ReleaseAsync(session, request, now);
            },
            cancellationToken
        );

    /// <summary>Lets a request wait its turn; that is no failed attempt.</summary>
    public Task PostponeAsync(RequestRow request, DatabaseTime due, CancellationToken cancellationToken) =>
        _database.Db.WriteAsync(
            session =>
                session.ExecuteAsync(
                    "update {requests} set claimed_by = null, due = @due where id = @Id and epoch = @Epoch",
                    new
                    {
                        request.Id,
                        request.Epoch,
                        due,
                    }
                ),
            cancellationToken
        );

    /// <summary>Frees what a process that is gone had claimed. Only for a database that no other process uses.</summary>
    public Task FreeClaimsAsync(DatabaseTime now, CancellationToken cancellationToken) =>
        _database.Db.WriteAsync(
            session =>
                session.ExecuteAsync("update {requests} set claimed_by = null, due = @now where claimed_by is not null", new { now }),
            cancellationToken
        );

    /// <summary>The same for several.</summary>
    public static Task AddAsync(DbSession session, IReadOnlyList<ArrivedRequest> arrived)
    {
        // Of one pair the last counts; in one order, so that two nodes never wait for each other's.
        var newest = new SortedDictionary<string, ArrivedRequest>(StringComparer.Ordinal);
        foreach (var request in arrived)
            newest[Convert.ToHexStringLower(PairOf(request.Row))] = request;
        return session.ExecuteAsync(
            $$"""
            insert into {requests} (pair, mode, topic, callback, pattern, secret, lease_seconds, signature_method, content, delivery,
              initial, verify_token, verdict, reason, parameters, due, created_at)
            select v.pair, v.mode, v.topic, v.callback, v.pattern, v.secret, v.lease_seconds, v.signature_method, v.content, v.delivery,
              v.initial, v.verify_token, v.verdict, v.reason, v.parameters, v.due, v.due
            from {{JsonRows.As(session, Columns)}} where true
            on conflict (pair) do update set mode = excluded.mode, topic = excluded.topic, secret = excluded.secret,
              lease_seconds = excluded.lease_seconds, signature_method = excluded.signature_method, content = excluded.content,
              delivery = excluded.delivery, initial = excluded.initial, verify_token = excluded.verify_token,
              verdict = excluded.verdict, reason = excluded.reason, parameters = excluded.parameters,
              due = case when {requests}.claimed_by is null then excluded.due else {requests}.due end,
              generation = {requests}.generation + 1, attempts = 0, last_error = null, created_at = excluded.created_at
            """,
            new { rows = JsonRows.Of(newest.Select(n => CellsOf(n.Key, n.Value))) }
        );
    }

    private static object?[] CellsOf(string pair, ArrivedRequest arrived)
    {
        var row = arrived.Row;
        return
        [
            pair,
            row.Mode,
            row.Topic,
            row.Callback,
            row.Pattern,
            row.Secret?.Bytes,
            row.LeaseSeconds,
            row.SignatureMethod,
            row.Content,
            row.Delivery,
            row.Initial ? 1 : 0,
            row.VerifyToken,
            row.Verdict.ToString(),
            row.Reason,
            row.Parameters,
            arrived.At.Microseconds,
        ];
    }

    private static int SizeOf(ArrivedRequest arrived) =>
        arrived.Row.Topic.Length + arrived.Row.Callback.Length + (arrived.Row.Parameters?.Length ?? 0);

    private static Task<int> ReleaseAsync(DbSession session, RequestRow request, DatabaseTime now) =>
        session.ExecuteAsync(
            "update {requests} set claimed_by = null, due = @now where id = @Id and epoch = @Epoch",
            new
            {
                request.Id,
                request.Epoch,
                now,
            }
        );

    // A predicate is known by its key, however it was written. No other topic begins with a control character.
    private static byte[] PairOf(RequestRow request) =>
        SHA256.HashData(
            Encoding.UTF8.GetBytes($"{(request.Pattern is null ? request.Topic : $"\t{request.Pattern}")}\n{request.Callback}")
        );
}
