namespace WebSub.Hub.Delivery.Sending;

/// <summary>What an outcome means for a subscription.</summary>
internal abstract record DeliveryDecision
{
    private DeliveryDecision() { }

    /// <summary>On to the next entry.</summary>
    public sealed record Advance : DeliveryDecision
    {
        public static Advance Instance { get; } = new();
    }

    /// <summary>Try the same entry again.</summary>
    /// <param name="After">How long to wait at least; after an extra attempt the scheduled time stands as well.</param>
    /// <param name="Attempts">Failed attempts of this entry that count.</param>
    public sealed record Retry(TimeSpan After, long Attempts) : DeliveryDecision;

    /// <summary>Give this entry up, keep the subscription (H30), go on to the next entry.</summary>
    /// <param name="Attempts">Failed attempts of this entry.</param>
    public sealed record GiveUp(long Attempts) : DeliveryDecision;

    /// <summary>The subscription is over.</summary>
    public sealed record End : DeliveryDecision
    {
        public static End Instance { get; } = new();
    }
}
