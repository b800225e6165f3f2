using WebSub.Documents;

namespace WebSub.Discovery;

/// <summary>
/// The hubs and the self URL that a resource advertises, read from a response that was received already (§4). Nothing is requested.
/// </summary>
/// <param name="Hubs">The hubs in the document's order, without repeats; empty if there are none.</param>
/// <param name="Self">The self URL; null if there is none or more than one.</param>
public sealed record ResourceLinks(IReadOnlyList<string> Hubs, string? Self)
{
    /// <summary>Reads the Link headers and, for what they lack, the head of the body (D7, D16).</summary>
    /// <param name="response">The response, for its headers.</param>
    /// <param name="url">The URL that answered: the base of relative links.</param>
    /// <param name="body">The body's bytes.</param>
    /// <param name="budget">What reading the body may cost.</param>
    public static ResourceLinks Read(HttpResponseMessage response, string url, ReadOnlySpan<byte> body, DocumentBudget budget)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(budget);
        // The answer does not own the response here, so it is not disposed.
#pragma warning disable CA2000
        var answer = new ResourceAnswer(response, url);
#pragma warning restore CA2000
        var headers = new LinkFindings();
        foreach (var link in answer.HeaderLinks)
            headers.Add(link.Relations, link.Target, url, LinkSource.LinkHeader);
        var document = headers.HasBoth ? DocumentReading.None : BodyReader.Read(body, answer.ContentType, url, budget);
        var hubs = headers.Hubs.Count > 0 ? headers.Hubs : document.Links.Hubs;
        var selfs = headers.Selfs.Count > 0 ? headers.Selfs : document.Links.Selfs;
        return new([.. hubs.Select(h => h.Url)], selfs.Count == 1 ? selfs[0].Url : null);
    }
}
