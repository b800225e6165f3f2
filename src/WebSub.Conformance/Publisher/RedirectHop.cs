using WebSub.Discovery;

namespace WebSub.Conformance.Publisher;

/// <summary>A redirect on the way to an answer.</summary>
/// <param name="Url">The URL that redirects.</param>
/// <param name="Status">Its status.</param>
/// <param name="Links">Hubs and topics that its headers name.</param>
internal sealed record RedirectHop(string Url, int Status, LinkFindings Links);
