using WebSub.Conformance.Peers;

namespace WebSub.Conformance.Publisher;

/// <summary>A ping that came to the check's own hub.</summary>
/// <param name="Request">The request.</param>
/// <param name="Topic">What the topic served at that moment; null if it could not be read, or nobody wanted to know.</param>
internal sealed record Ping(ReceivedRequest Request, Task<Visit?> Topic);
