using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>How attempts of an origin ended within a span of time.</summary>
/// <param name="BeganAt">When the span began.</param>
/// <param name="Origin">As in <c>https://subscriber.example</c>.</param>
/// <param name="Delivered">Those that were accepted.</param>
/// <param name="Failed">Those that were not.</param>
internal sealed record OriginSpan(DatabaseTime BeganAt, string Origin, long Delivered, long Failed);
