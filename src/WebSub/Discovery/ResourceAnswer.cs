using System.Text;
using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.Discovery;

/// <summary>The final response to a discovery request: its status and headers as they came, its body not read yet.</summary>
internal sealed class ResourceAnswer(HttpResponseMessage response, string url) : IDisposable
{
    /// <summary>The URL that answered, the base of every relative link (D13).</summary>
    public string Url { get; } = url;

    public int Status { get; } = (int)response.StatusCode;

    public bool IsSuccess { get; } = response.IsSuccessStatusCode;

    /// <summary>The content type, verbatim.</summary>
    public string? ContentType { get; } = First(response.Content.Headers.NonValidated, "Content-Type");

    /// <summary>Where a redirect leads; its bytes are those of the header.</summary>
    public string? Location { get; } =
        response.Headers.NonValidated.TryGetValues("Location", out var values) ? AsciiUrl.OfHeader(values.First()) : null;

    /// <summary>The body's encoding, if it is compressed although we did not ask for that.</summary>
    public string? ContentEncoding { get; } =
        response.Content.Headers.NonValidated.TryGetValues("Content-Encoding", out var codings) ? string.Join(',', codings) : null;

    /// <summary>The links of the response's headers.</summary>
    public IReadOnlyList<WebLink> HeaderLinks { get; } =
        response.Headers.NonValidated.TryGetValues(LinkHeader.Name, out var lines) ? LinkHeader.Parse(lines.Select(AsUtf8)) : [];

    /// <summary>How long the resource asks to wait, from <paramref name="now"/>; null if it does not.</summary>
    public TimeSpan? RetryAfter(DateTimeOffset now) => Http.RetryAfter.Read(response, now);

    public Task<Stream> OpenBodyAsync(CancellationToken cancellationToken) => response.Content.ReadAsStreamAsync(cancellationToken);

    public void Dispose() => response.Dispose();

    private static string? First(System.Net.Http.Headers.HttpHeadersNonValidated headers, string name)
    {
        if (!headers.TryGetValues(name, out var values))
            return null;
        foreach (var value in values)
            return AsUtf8(value);
        return null;
    }

    /// <summary>Header bytes reach us as Latin-1; URLs that are not percent-encoded were meant as UTF-8.</summary>
    private static string AsUtf8(string value) => Ascii.IsValid(value) ? value : Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(value));
}
