namespace WebSub.Subscriber;

/// <summary>Whether a subscription has a secret, and so whether its deliveries must be signed (§7.1).</summary>
public enum WebSubSignaturePolicy
{
    /// <summary>A secret is generated when it cannot be intercepted: the hub has an https URL (S10) or runs on this machine.</summary>
    Auto,

    /// <summary>A secret is always generated, even for a hub reached over plain http.</summary>
    Always,

    /// <summary>No secret: deliveries are accepted unsigned.</summary>
    Never,
}
