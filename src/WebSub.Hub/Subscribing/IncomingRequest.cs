using WebSub.Hub.Storage;
using WebSub.Values;

namespace WebSub.Hub.Subscribing;

/// <summary>A request as it came in: what is stored of it, and the plain secret, which is stored only sealed.</summary>
internal sealed record IncomingRequest(RequestRow Row, Secret? Secret);
