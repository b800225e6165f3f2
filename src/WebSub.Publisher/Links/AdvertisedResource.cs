namespace WebSub.Publisher.Links;

/// <summary>What is known about the topic of one request.</summary>
internal sealed class AdvertisedResource
{
    /// <summary>The public URL that was requested.</summary>
    public required string Requested { get; set; }

    /// <summary>The topic that the app named for this response.</summary>
    public string? Self { get; set; }

    public WebSubLinkOptions? Options { get; set; }

    public bool IsAdvertised { get; set; }
}
