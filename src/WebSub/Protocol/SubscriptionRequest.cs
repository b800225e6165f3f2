namespace WebSub.Protocol;

/// <summary>A subscribe or unsubscribe request as a subscriber sends it to a hub (§5.1).</summary>
public sealed record SubscriptionRequest
{
    /// <summary><see cref="HubModes.Subscribe"/> or <see cref="HubModes.Unsubscribe"/>.</summary>
    public required string Mode { get; init; }

    /// <summary>The topic, byte for byte as the publisher advertised it.</summary>
    public required string Topic { get; init; }

    /// <summary>The callback, byte for byte.</summary>
    public required string Callback { get; init; }

    /// <summary>The requested lease, in seconds; null lets the hub decide. Not sent on unsubscribe.</summary>
    public long? LeaseSeconds { get; init; }

    /// <summary>The secret, at most 199 UTF-8 bytes; null asks for unsigned deliveries. Not sent on unsubscribe.</summary>
    public string? Secret { get; init; }

    /// <summary>Additional fields the hub wants (S12); they follow the others and never replace them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Extra { get; init; } = [];

    /// <summary>The message in wire order.</summary>
    public HubFields ToFields()
    {
        var subscribing = Mode == HubModes.Subscribe;
        var fields = new HubFields()
            .Add(HubParameters.Mode, Mode)
            .Add(HubParameters.Topic, Topic)
            .Add(HubParameters.Callback, Callback)
            .Add(HubParameters.LeaseSeconds, subscribing ? LeaseSeconds : null)
            .Add(HubParameters.Secret, subscribing ? Secret : null);
        var taken = fields.Items.Select(i => i.Key).ToHashSet();
        foreach (var (name, value) in Extra)
        {
            if (!taken.Contains(name))
                fields.Add(name, value);
        }

        return fields;
    }

    /// <summary>Leaves the secret out, so that a request can be logged.</summary>
    public override string ToString() => $"{Mode} {Topic} for {Callback}";
}
