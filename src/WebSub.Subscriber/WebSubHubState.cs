namespace WebSub.Subscriber;

/// <summary>Whether a hub delivers, as far as its subscriptions show.</summary>
public enum WebSubHubState
{
    /// <summary>It counts as silent for no subscription.</summary>
    Delivering,

    /// <summary>It counts as silent for some subscriptions and has delivered to others since: it may have forgotten some.</summary>
    PartlySilent,

    /// <summary>It counts as silent, and has delivered nothing to any subscription since.</summary>
    Silent,
}
