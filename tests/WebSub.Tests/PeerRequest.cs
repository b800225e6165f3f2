using System.Text;

namespace WebSub;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">Path and query exactly as sent.</param>
/// <param name="Headers">The headers; names ignore case.</param>
/// <param name="Body">The raw body.</param>
internal sealed record PeerRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}
