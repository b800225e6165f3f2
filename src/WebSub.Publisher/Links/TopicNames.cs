using System.Text;
using Microsoft.Extensions.Options;

namespace WebSub.Publisher.Links;

/// <summary>Turns what an app calls a topic into the topic.</summary>
internal sealed class TopicNames(IOptions<WebSubPublisherOptions> options)
{
    private const int MaxBytes = 2048;

    /// <summary>The topic: as it is, or under the public URL if it is a path.</summary>
    /// <exception cref="ArgumentException">It is not a valid topic.</exception>
    public string Resolve(string topic)
    {
        if (string.IsNullOrEmpty(topic))
            throw new ArgumentException("A topic is empty.", nameof(topic));
        if (topic[0] == '/')
        {
            var publicUrl =
                options.Value.PublicUrl
                ?? throw new ArgumentException(
                    $"The topic \"{topic}\" is a path, which needs the setting WebSub:Publisher:PublicUrl.",
                    nameof(topic)
                );
            topic = publicUrl.OriginalString.TrimEnd('/') + topic;
        }

        if (Encoding.UTF8.GetByteCount(topic) > MaxBytes)
            throw new ArgumentException($"A topic is longer than {MaxBytes} bytes.", nameof(topic));
        return topic.Contains('\0', StringComparison.Ordinal)
            ? throw new ArgumentException("A topic contains a NUL.", nameof(topic))
            : topic;
    }
}
