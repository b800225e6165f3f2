using System.Text;

namespace WebSub.Testing;

/// <summary>The response of a <see cref="FakePublisher"/> at one path.</summary>
public sealed record FakeResource
{
    /// <summary>The body.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The content type, sent verbatim; null sends none.</summary>
    public string? ContentType { get; init; } = "text/plain";

    /// <summary>The status.</summary>
    /// <value>Default: 200.</value>
    public int Status { get; init; } = 200;

    /// <summary>Additional headers, for example <c>Link</c> or <c>Location</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Plain text.</summary>
    public static implicit operator FakeResource(string text) => FromString(text);

    /// <summary>Text with a content type.</summary>
    /// <param name="text">The body, sent as UTF-8.</param>
    /// <param name="contentType">The content type, verbatim.</param>
    public static FakeResource FromString(string text, string contentType = "text/plain") =>
        new() { Body = Encoding.UTF8.GetBytes(text), ContentType = contentType };
}
