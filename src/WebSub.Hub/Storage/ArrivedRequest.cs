using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>A request that has just come in.</summary>
/// <param name="Row">What it asks for.</param>
/// <param name="At">When it came; its verification is due then.</param>
internal sealed record ArrivedRequest(RequestRow Row, DatabaseTime At);
