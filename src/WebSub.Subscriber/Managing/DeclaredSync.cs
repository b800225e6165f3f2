using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscribing;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Managing;

/// <summary>Brings what is stored in line with what the app declares, when an operator asks for it.</summary>
internal sealed class DeclaredSync(
    SubscriptionStore store,
    SubscriptionService service,
    DeclaredSubscriptions declared,
    OperatorTransitions transitions,
    CallbackUrls callbacks,
    TimeProvider time
)
{
    /// <summary>Creates what is missing and treats what is there as the flags say.</summary>
    /// <exception cref="NoPublicUrlException">This process cannot make callback URLs.</exception>
    public async Task<IReadOnlyList<SyncResult>> RunAsync(SyncFlags how, CancellationToken cancellationToken)
    {
        callbacks.EnsurePossible();
        var wanted = declared.Wanted();
        var stored = await store.AllAsync(cancellationToken);
        var results = new List<SyncResult>();
        foreach (var (key, one) in wanted)
        {
            if (await declared.FollowRenameAsync(one, wanted.Keys, stored, cancellationToken))
                stored = await store.AllAsync(cancellationToken);
            var text = SubscriptionRow.Write(one.Options ?? new());
            if (stored.FirstOrDefault(s => DeclaredSubscriptions.KeyOf(s) == key) is { } existing)
            {
                results.Add(await SyncAsync(existing, one.Options ?? new(), text, how, cancellationToken));
                continue;
            }

            await service.DeclareAsync(one, text, cancellationToken);
            stored = await store.AllAsync(cancellationToken);
            results.Add(new(stored.First(s => DeclaredSubscriptions.KeyOf(s) == key), SyncOutcome.Created));
        }

        return results;
    }

    /// <summary>What an operator should know of, each as a sentence that names the command that helps.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken)
    {
        var wanted = declared.Wanted().Keys;
        var all = await store.AllAsync(cancellationToken);
        return
        [
            .. SlashTwins.Of(all).Select(t => $"The hub {t.Hub} is also used as {t.Twin}: they count as two. Write it in one way."),
            .. all.Where(s => DeclaredSubscriptions.IsOrphan(s, wanted))
                .Select(s => $"{s.Id} to {s.Target} is no longer declared; websub sync --purge-orphans forgets it."),
            .. declared
                .Unresolvable(all)
                .Select(s =>
                    $"{s.Id} to {s.Target} is for the handler {s.Handler}, which no longer exists; websub fix-urls moves it, "
                    + "websub purge --unresolvable forgets it."
                ),
            .. declared.Moved(all).Select(s => $"{s.Id} to {s.Target} has a callback URL that no longer fits; websub fix-urls changes it."),
        ];
    }

    private async Task<SyncResult> SyncAsync(
        Subscription existing,
        WebSubSubscribeOptions options,
        string text,
        SyncFlags how,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var outcome = SyncOutcome.Kept;
        var change = await service.ChangeAsync(
            existing.Id,
            s =>
            {
                var step = transitions.Sync(s, options, text, text != SubscriptionRow.Write(s.Options), how, now);
                outcome = step.Outcome;
                return step.Change;
            },
            cancellationToken
        );
        return new(change?.Next ?? existing, outcome);
    }
}
