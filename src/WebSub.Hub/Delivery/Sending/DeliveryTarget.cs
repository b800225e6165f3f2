using WebSub.Hub.Storage;
using WebSub.Secrets;
using WebSub.Signatures;
using WebSub.Storage;
using WebSub.Values;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>Where and how to deliver to one subscription: its row, read once.</summary>
internal sealed class DeliveryTarget
{
    private DeliveryTarget(SubscriptionRow row, Uri callback, byte[]? secret, SignatureMethod method, TopicHeaders topic)
    {
        Row = row;
        Secret = secret;
        Callback = callback;
        Origin = $"{callback.Scheme}://{callback.Authority}";
        Method = method;
        Topic = topic;
    }

    public SubscriptionRow Row { get; }

    public Uri Callback { get; }

    public string Origin { get; }

    /// <summary>The HMAC key; null asks for no signature.</summary>
    public byte[]? Secret { get; }

    public SignatureMethod Method { get; }

    public TopicHeaders Topic { get; }

    /// <summary>
    /// What a member of a topic of predicates gets, the most special first; null for everybody else, who gets everything.
    /// </summary>
    public IReadOnlyList<DeliveryPattern>? Patterns { get; private init; }

    /// <summary>The number of the replay that it is part of; null for what it gets anyway (rule 30).</summary>
    public long? Replay { get; private init; }

    /// <summary>The same target, for a replay with this number.</summary>
    public DeliveryTarget Replayed(long number) => new(Row, Callback, Secret, Method, Topic) { Patterns = Patterns, Replay = number };

    /// <summary>The same target, which gets entries up to this one in full.</summary>
    public DeliveryTarget FullUntil(long sequence) =>
        new(Row with { FullUntil = sequence }, Callback, Secret, Method, Topic) { Patterns = Patterns };

    /// <summary>
    /// The target for one entry; null if it is none of its business. A message is signed with the secret of the most special pattern that
    /// covers it.
    /// </summary>
    public DeliveryTarget? Of(LogEntry entry, DatabaseTime now)
    {
        if (Patterns is null)
            return this;
        var by = Patterns.FirstOrDefault(p => p.Covers(entry.Sequence, entry.Predicate, now));
        return by is null ? null : new(Row, Callback, by.Secret, Method, Topic) { Patterns = Patterns, Replay = Replay };
    }

    /// <summary>True if a pattern's lease ended after it was read: it may have been renewed since.</summary>
    public bool HasLapsedSince(DatabaseTime readAt, DatabaseTime now) =>
        Patterns?.Any(p => p.LeaseEnd > readAt && p.LeaseEnd <= now) == true;

    public static DeliveryTarget For(SubscriptionRow row, TopicHeaders topic, SecretOpener secrets, SignatureMethod preset)
    {
        if (!VerbatimUrl.TryCreate(row.Callback, out var callback, out var error))
            throw new InvalidOperationException($"The stored callback {row.Callback} {error}.");
        return new(row, callback, Open(row.Secret), HubSignature.TryParseMethod(row.SignatureMethod, out var asked) ? asked : preset, topic)
        {
            Patterns = row
                .Patterns?.OrderByDescending(p => p.Pattern.Length)
                .Select(p => new DeliveryPattern(p.Pattern, p.AfterSequence, p.LeaseEnd, Open(p.Secret)))
                .ToList(),
        };

        byte[]? Open(SealedSecret? secret) => secret is { } known ? secrets.Open(known) : null;
    }
}
