using WebSub.Documents;

namespace WebSub.Discovery;

/// <summary>What reading a body has shown.</summary>
/// <param name="Kind">What the body is.</param>
/// <param name="Links">The links of its head.</param>
/// <param name="HeadIsOver">
/// True if the part that may hold links was read to its end, so that more of the body would show no more links.
/// </param>
/// <param name="Fault">Why it could not be read, if it is XML that could not: the end of the sentence "its XML …".</param>
internal sealed record DocumentReading(DocumentKind Kind, LinkFindings Links, bool HeadIsOver = true, string? Fault = null)
{
    public static DocumentReading None { get; } = new(DocumentKind.NotRead, new LinkFindings());
}
