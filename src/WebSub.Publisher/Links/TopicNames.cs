using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;

namespace WebSub.Publisher.Links;

/// <summary>Turns what an app calls a topic, or what a request asks for, into the topic.</summary>
internal sealed class TopicNames(IOptions<WebSubPublisherOptions> options, IHttpContextAccessor current)
{
    private const int MaxBytes = 2048;
    private readonly string? _publicUrl = options.Value.PublicUrl is { } url ? TopicSpelling.OfUrl(url.OriginalString).TrimEnd('/') : null;

    /// <summary>The topic: a URL, or a path under the public URL or, without that, under the address of the current request.</summary>
    /// <exception cref="ArgumentException">It is not a valid topic.</exception>
    public string Resolve(string topic)
    {
        if (string.IsNullOrEmpty(topic))
            throw new ArgumentException("A topic is empty.", nameof(topic));
        if (topic.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A topic contains a NUL.", nameof(topic));
        var request = current.HttpContext?.Request;
        if (topic[0] == '/' && _publicUrl is null && request is null)
        {
            throw new ArgumentException(
                $"The topic \"{topic}\" is a path, which needs the setting WebSub:Publisher:PublicUrl: "
                    + "no request is being answered that would say where the app is.",
                nameof(topic)
            );
        }

        topic = Absolute(topic, request);
        return Encoding.UTF8.GetByteCount(topic) <= MaxBytes
            ? topic
            : throw new ArgumentException($"A topic is longer than {MaxBytes} bytes.", nameof(topic));
    }

    /// <summary>The topic that a request asks for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="kept">The query parameters that belong to it; null for all.</param>
    public string Of(HttpRequest request, IList<string>? kept)
    {
        var query = kept is null ? request.QueryString.ToUriComponent() : QueryText.Keep(request.QueryString.ToUriComponent(), kept);
        // Of an app without a path base the root is "/", whatever the request calls it.
        var path = request.Path.HasValue || request.PathBase.HasValue ? request.Path.Value ?? "" : "/";
        return Base(request) + TopicSpelling.OfDecodedPath(path) + TopicSpelling.OfQuery(query);
    }

    /// <summary>What the app named for a response: a URL, or a path below its address.</summary>
    public string Of(HttpRequest request, string self) => Absolute(self, request);

    private string Absolute(string topic, HttpRequest? request)
    {
        if (topic[0] == '/')
            return Base(request!) + TopicSpelling.OfPath(topic);
        topic = TopicSpelling.OfUrl(topic);
        // A URL of the app's own is spelled as its requests are.
        return
            (_publicUrl ?? (request is null ? null : Base(request))) is { } mine
            && topic.StartsWith(mine, StringComparison.Ordinal)
            && topic[mine.Length..] is var rest
            && rest.StartsWith('/')
            ? mine + TopicSpelling.OfPath(rest)
            : topic;
    }

    private string Base(HttpRequest request) =>
        _publicUrl
        ?? UriHelper.BuildAbsolute(request.Scheme, request.Host).TrimEnd('/') + TopicSpelling.OfDecodedPath(request.PathBase.Value ?? "");
}
