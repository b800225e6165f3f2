using WebSub.Values;

namespace WebSub.Protocol;

/// <summary>What a hub sends to a callback by GET: intent verification (§5.3), denial (§5.2) or a hub error.</summary>
public sealed record CallbackQuery
{
    /// <summary><c>subscribe</c>, <c>unsubscribe</c>, <c>denied</c> or <c>hub-error</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>The topic exactly as the subscription request gave it (H19).</summary>
    public required string Topic { get; init; }

    /// <summary>The challenge to echo; none on a denial.</summary>
    public string? Challenge { get; init; }

    /// <summary>The lease the hub grants, in seconds.</summary>
    public long? LeaseSeconds { get; init; }

    /// <summary>Why the subscription was denied.</summary>
    public string? Reason { get; init; }

    /// <summary>The token of a 0.3 subscriber, echoed unchanged (X3).</summary>
    public string? VerifyToken { get; init; }

    /// <summary>The message in wire order.</summary>
    public HubFields ToFields() =>
        new HubFields()
            .Add(HubParameters.Mode, Mode)
            .Add(HubParameters.Topic, Topic)
            .Add(HubParameters.Challenge, Challenge)
            .Add(HubParameters.LeaseSeconds, LeaseSeconds)
            .Add(HubParameters.Reason, Reason)
            .Add(HubParameters.VerifyToken, VerifyToken);

    /// <summary>The callback's URL with these fields after its own query (H16).</summary>
    public Uri AppendTo(Callback callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return VerbatimUrl.TryCreate(VerbatimUrl.WithQuery(callback.Value, ToFields().ToString()), out var uri, out _, int.MaxValue)
            ? uri
            : throw new InvalidOperationException("A parsed callback with an encoded query is always a URL.");
    }
}
