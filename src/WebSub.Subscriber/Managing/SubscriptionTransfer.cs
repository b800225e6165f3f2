using System.Text.Json;
using Microsoft.Extensions.Options;
using WebSub.Protocol;
using WebSub.Settings;
using WebSub.Subscriber.Handlers;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscribing;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Managing;

/// <summary>Moves subscriptions between databases, and from websubsub.</summary>
internal sealed class SubscriptionTransfer(
    SubscriptionStore store,
    OperatorTransitions transitions,
    HandlerRegistry handlers,
    CallbackUrls callbacks,
    LeaseSignal signal,
    IEnumerable<HubHttpClient> clients,
    IOptions<WebSubSubscriberOptions> options,
    TimeProvider time
)
{
    /// <summary>All subscriptions with everything they have, secrets included, as JSON.</summary>
    public async Task<(string Text, int Count)> ExportAsync(CancellationToken cancellationToken)
    {
        var all = new List<ExportedSubscription>();
        foreach (var s in await store.AllAsync(cancellationToken))
            all.Add(ExportedSubscription.From(s, await store.CallbacksAsync(s.Id, cancellationToken)));
        return (TransferFile.Write(all), all.Count);
    }

    /// <summary>Adds what the text has: all, or nothing. What is there already stays as it is.</summary>
    /// <param name="name">The file, for sentences about it.</param>
    /// <param name="text">What it has.</param>
    /// <param name="renames">Names of handlers, or callbacks of websubsub, and what they are called here.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ManagementException">It is not such a file, or something in it does not fit this app.</exception>
    public async Task<IReadOnlyList<ImportResult>> ImportAsync(
        string name,
        string text,
        IReadOnlyDictionary<string, string> renames,
        CancellationToken cancellationToken
    )
    {
        foreach (var to in renames.Values.Where(h => handlers.Find(h) is null))
            throw new ManagementException($"There is no handler named \"{to}\"; this app has {string.Join(", ", handlers.Names)}.");
        var all = Read(name, text, renames);
        if (all.CountBy(a => a.Subscription.Id).FirstOrDefault(c => c.Value > 1) is { Value: > 1, Key: var twice })
            throw new ManagementException($"{name} has the subscription {twice} more than once; nothing was imported.");
        foreach (var (s, _) in all)
        {
            if (WishFaults.Of(s.Target, s.Options, options.Value.DefaultHub, clients).FirstOrDefault() is { Sentence: { } sentence })
                throw new ManagementException($"The subscription to {s.Target} in {name}: {sentence}");
        }

        var added = await store.ImportAsync(all, cancellationToken);
        signal.Raise();
        return [.. all.Select(a => new ImportResult(a.Subscription, added.Contains(a.Subscription.Id)))];
    }

    private List<(Subscription Subscription, IReadOnlyList<CallbackRow> Callbacks)> Read(
        string name,
        string text,
        IReadOnlyDictionary<string, string> renames
    )
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (TransferFile.ReadExport(document.RootElement) is { } exported)
                return [.. exported.Select(e => (e.ToSubscription(HandlerFor(e.Handler, renames)), e.Callbacks))];
            if (TransferFile.ReadDump(document.RootElement) is { } dumped)
                return [.. dumped.Select(d => Adopt(d, HandlerFor(d.CallbackName!, renames)))];
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new ManagementException(
            $"{name} is neither a file of websub export nor one of websubsub's manage.py dumpdata websubsub; nothing was imported."
        );
    }

    private string HandlerFor(string name, IReadOnlyDictionary<string, string> renames)
    {
        if (renames.TryGetValue(name, out var given))
            return given;
        if (handlers.Find(name) is not null)
            return name;
        // The part of a Django URL name after its app.
        return NearestName.Find(name, handlers.Names)
            ?? throw new ManagementException(
                $"There is no handler named \"{name}\"; this app has {string.Join(", ", handlers.Names)}. "
                    + $"Say which one takes over: --handler {name}=NAME."
            );
    }

    /// <summary>
    /// Takes over a subscription of websubsub. What is verified goes on being answered at the callback that the hub has, if hubs reach this
    /// app there, while the hub is asked for the new one.
    /// </summary>
    private (Subscription Subscription, IReadOnlyList<CallbackRow> Callbacks) Adopt(DumpedSubscription d, string handler)
    {
        var now = time.GetUtcNow();
        var state =
            d.UnsubscribeStatus is not null ? WebSubSubscriptionState.Unsubscribed
            : d.SubscribeStatus == "denied" ? WebSubSubscriptionState.Denied
            : d.IsVerified(now) ? WebSubSubscriptionState.Active
            : WebSubSubscriptionState.Pending;
        var s = new Subscription
        {
            Id = d.Id,
            Handler = handler,
            Target = TargetOf(d, handler),
            State = state,
            CreatedAt = d.CreatedAt ?? now,
            ChangedAt = now,
            ReceivedAt = d.ReceivedAt,
            Reason = state == WebSubSubscriptionState.Denied ? "Denied by the hub before it was imported." : null,
        };
        if (state == WebSubSubscriptionState.Pending)
        {
            return (
                s with
                {
                    Pending = new()
                    {
                        Id = Guid.NewGuid(),
                        Mode = HubModes.Subscribe,
                        Due = now,
                    },
                },
                []
            );
        }

        if (state != WebSubSubscriptionState.Active)
            return (s, []);

        var key = d.Id.ToString("N");
        var active = s with
        {
            Active = new()
            {
                Hub = d.HubUrl!,
                Topic = d.Topic!,
                CallbackKey = key,
                CallbackUrl = d.CallbackUrl,
                ConfirmedAt = now,
                LeaseEnd = d.LeaseEnd!.Value,
                RenewAt = now,
            },
        };
        var asked = transitions.Repoint(active, now)!.Next;
        return (
            asked,
            [
                new()
                {
                    CallbackKey = key,
                    Handler = handler,
                    Path = callbacks.OwnPath(new() { CallbackUrl = d.CallbackUrl }),
                },
                new() { CallbackKey = asked.Pending!.CallbackKey!, Handler = handler },
            ]
        );
    }

    /// <summary>As the app declares it, so that it becomes the declared one: with its hub, or with <c>DefaultHub</c> understood.</summary>
    private WebSubTarget TargetOf(DumpedSubscription d, string handler)
    {
        var understood = WebSubTarget.Topic(d.Topic!);
        return
            d.HubUrl == options.Value.DefaultHub?.OriginalString
            && options.Value.Subscriptions.Any(o => o.Handler == handler && o.Target == understood)
            ? understood
            : WebSubTarget.Topic(d.Topic!, d.HubUrl);
    }
}
