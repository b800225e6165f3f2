using System.Globalization;
using System.Text;

namespace WebSub.Conformance.Subscriber;

/// <summary>What is delivered.</summary>
/// <param name="Marker">A word in it that is nowhere else.</param>
/// <param name="Body">The body.</param>
/// <param name="ContentType">Its content type.</param>
internal sealed record Update(string Marker, byte[] Body, string ContentType)
{
    /// <summary>A new state of a topic.</summary>
    public static Update Of(TopicKind kind)
    {
        var marker = "update-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)[..12];
        var (text, contentType) = TopicPages.Document(kind, marker, "");
        return new(marker, Encoding.UTF8.GetBytes(text), contentType);
    }
}
