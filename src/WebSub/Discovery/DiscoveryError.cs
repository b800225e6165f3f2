namespace WebSub.Discovery;

/// <summary>Why discovery failed.</summary>
public enum DiscoveryError
{
    /// <summary>It did not fail.</summary>
    None,

    /// <summary>The text is not an http or https URL.</summary>
    InvalidUrl,

    /// <summary>The address is one that outbound requests may not reach.</summary>
    AddressRefused,

    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>No complete answer in time.</summary>
    TimedOut,

    /// <summary>Redirected too often, in a circle, or without a usable target.</summary>
    BadRedirect,

    /// <summary>The resource answered with an error status.</summary>
    ErrorStatus,

    /// <summary>The resource has no representation for the <c>Accept</c> or <c>Accept-Language</c> we sent (406).</summary>
    NotAcceptable,

    /// <summary>
    /// The body is larger than <see cref="DiscoveryOptions.MaxBytes"/>, or the page has more than pages have: links, attributes.
    /// </summary>
    TooLarge,

    /// <summary>
    /// The body says it is XML but cannot be read, is larger or stranger than XML may be, or declares entities, which is refused.
    /// </summary>
    InvalidXml,

    /// <summary>Neither a hub nor a self link anywhere.</summary>
    NoLinks,

    /// <summary>A self link but no hub: the resource cannot be subscribed to.</summary>
    NoHub,

    /// <summary>A hub but no self link (D17).</summary>
    NoSelf,

    /// <summary>More than one different self link (D3).</summary>
    SeveralSelfs,
}
