using System.Text;

namespace WebSub.Testing;

/// <summary>A callback's response to a <see cref="FakeHub"/>.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Bytes">The body.</param>
/// <param name="ContentType">The <c>Content-Type</c> header, verbatim.</param>
/// <param name="Headers">The response headers; names are case-insensitive.</param>
public sealed record FakeHubResponse(int Status, byte[] Bytes, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The body as UTF-8.</summary>
    public string Body => Encoding.UTF8.GetString(Bytes);
}
