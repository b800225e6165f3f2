using System.Security.Cryptography;
using System.Text;
using WebSub.Protocol;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// The requests that wait for verification. There is at most one per topic and callback: the newest replaces an older one (rule 12).
/// </summary>
internal sealed class RequestStore(HubDatabase database)
{
    /// <summary>Stores a request; when this returns it survives a crash.</summary>
    public Task AddAsync(RequestRow request, DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(session => AddAsync(session, request, now), cancellationToken);

    /// <summary>The same inside a caller's transaction.</summary>
    public static Task AddAsync(DbSession session, RequestRow request, DatabaseTime now) =>
        session.ExecuteAsync(
            """
            insert into {requests} (pair, mode, topic, callback, pattern, secret, lease_seconds, signature_method, content, delivery,
              initial, verify_token, verdict, reason, parameters, due, created_at)
            values (@pair, @Mode, @Topic, @Callback, @Pattern, @Secret, @LeaseSeconds, @SignatureMethod, @Content, @Delivery, @Initial,
              @VerifyToken, @verdict, @Reason, @Parameters, @now, @now)
            on conflict (pair) do update set mode = excluded.mode, topic = excluded.topic, secret = excluded.secret,
              lease_seconds = excluded.lease_seconds,
              signature_method = excluded.signature_method, content = excluded.content, delivery = excluded.delivery,
                initial = excluded.initial,
              verify_token = excluded.verify_token, verdict = excluded.verdict, reason = excluded.reason, parameters = excluded.parameters,
              due = case when {requests}.claimed_by is null then excluded.due else {requests}.due end,
              generation = {requests}.generation + 1, attempts = 0, last_error = null, created_at = excluded.created_at
            """,
            new
            {
                pair = PairOf(request),
                request.Mode,
                request.Topic,
                request.Callback,
                request.Pattern,
                request.Secret,
                request.LeaseSeconds,
                request.SignatureMethod,
                request.Content,
                request.Delivery,
                request.Initial,
                request.VerifyToken,
                verdict = request.Verdict.ToString(),
                request.Reason,
                request.Parameters,
                now,
            }
        );

    /// <summary>Takes requests that are due; no other node gets them before <paramref name="until"/>.</summary>
    public Task<IReadOnlyList<RequestRow>> ClaimAsync(
        string node,
        int max,
        DatabaseTime now,
        DatabaseTime until,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync(
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
        database.Db.ReadAsync(session => session.ScalarAsync<DatabaseTime?>("select min(due) from {requests}"), cancellationToken);

    /// <summary>
    /// Ends a request that is decided, inside the transaction that acts on it. False if a newer one took its place, which is due now, or if
    /// the claim was lost: then another node decides.
    /// </summary>
    public static async Task<bool> FinishAsync(DbSession session, RequestRow request, DatabaseTime now)
    {
        if (
            await session.ExecuteAsync("delete from {requests} where id = @Id and generation = @Generation and epoch = @Epoch", request) > 0
        )
            return true;
        await ReleaseAsync(session, request, now);
        return false;
    }

    /// <summary>Ends a request that came to nothing.</summary>
    public Task DropAsync(RequestRow request, Ending ending, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            async session =>
            {
                // A revoked subscription has ended already, and a callback that takes a denial badly has been denied all the same.
                var topic = request.Pattern ?? request.Topic;
                if (
                    await FinishAsync(session, request, ending.At)
                    && await EndingStore.FindAsync(session, topic, request.Callback) is not { Kind: Ending.Revoked }
                )
                    await EndingStore.AddAsync(session, [(topic, request.Callback)], ending);
            },
            cancellationToken
        );

    /// <summary>Has the callback told that its request is denied (§5.2: also after it was verified).</summary>
    public Task DenyAsync(RequestRow request, string reason, DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
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
        database.Db.WriteAsync(
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
        database.Db.WriteAsync(
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
        database.Db.WriteAsync(
            session =>
                session.ExecuteAsync("update {requests} set claimed_by = null, due = @now where claimed_by is not null", new { now }),
            cancellationToken
        );

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
