namespace WebSub.Publisher;

/// <summary>What keeps updates from arriving.</summary>
public enum WebSubPublisherProblem
{
    /// <summary>The topic's address can be reached only from this network, but its hub is outside.</summary>
    TopicNotPublic,

    /// <summary>The topic does not answer, or answers with an error.</summary>
    TopicUnreachable,

    /// <summary>The topic does not name one of the configured hubs (P1).</summary>
    NoHub,

    /// <summary>The topic does not name itself with <c>rel=self</c> (D3).</summary>
    NoSelf,

    /// <summary>
    /// The topic names another URL as <c>rel=self</c>: subscribers subscribe to that one, and pings for this one reach no subscriber.
    /// </summary>
    SelfDiffers,

    /// <summary>The topic names more than one <c>rel=self</c>, in headers or in headers and document together (D3).</summary>
    SeveralSelfs,

    /// <summary>
    /// Hub and self are only in the document, not in a <c>Link</c> header (D2): a subscriber must read the document, and HEAD shows
    /// nothing.
    /// </summary>
    LinksOnlyInBody,

    /// <summary>A page has its <c>link</c> elements outside its head, where subscribers do not look (D6).</summary>
    LinksOutsideHead,

    /// <summary>HEAD does not answer with the same <c>Link</c> headers as GET (D8).</summary>
    HeadDiffers,

    /// <summary>One <c>rel=self</c> for several representations: subscribers get whichever the hub happens to fetch (D12).</summary>
    OneSelfForSeveralRepresentations,

    /// <summary>The hub answered that it does not accept pings for this topic.</summary>
    HubRefuses,

    /// <summary>The hub does not answer, or answers with an error.</summary>
    HubUnreachable,

    /// <summary>A key is sent to a hub without encryption.</summary>
    KeyWithoutEncryption,

    /// <summary>What was asked for is no topic: empty, too long, or a path where nothing says where the app is.</summary>
    InvalidTopic,

    /// <summary>The check itself failed, for example because the database does not answer.</summary>
    CheckFailed,
}
