using System.Text;

namespace WebSub.Conformance.Peers;

/// <summary>What one of our peers answers.</summary>
internal sealed record PeerAnswer(int Status, byte[] Body, params IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    public static PeerAnswer Text(int status, string body = "") =>
        new(status, Encoding.UTF8.GetBytes(body), new KeyValuePair<string, string>("Content-Type", "text/plain"));

    public PeerAnswer With(string name, string value) => this with { Headers = [.. Headers, new(name, value)] };
}
