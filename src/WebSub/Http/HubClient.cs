using System.Text;
using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.Http;

/// <summary>
/// POSTs to hubs: subscribe, unsubscribe, publish. A 307 or 308 is followed by sending the POST again (S13), except from https to http,
/// which would expose secrets to the network; other redirects are errors.
/// </summary>
public sealed class HubClient(HttpClient http, TimeProvider? timeProvider = null)
{
    /// <summary>How many 307 and 308 redirects are followed.</summary>
    public const int MaxRedirects = 5;

    private const int MaxExplanation = 2048;
    private const int MaxBodyBytes = 65536;

    // A push carries the topic, percent-encoded, in the hub's query.
    private const int MaxUrlBytes = 5 * VerbatimUrl.MaxBytes;
    private const string Form = "application/x-www-form-urlencoded";
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;

    /// <summary>How long the whole exchange may take, redirects included.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>POSTs the fields to the hub as a form and reads its answer. Network failures are outcomes, not exceptions.</summary>
    /// <param name="hub">The hub's URL.</param>
    /// <param name="fields">The message.</param>
    /// <param name="headers">Additional request headers, such as <c>Authorization</c>; dropped when a redirect leaves the origin.</param>
    /// <param name="cancellationToken">Ends the exchange; then <see cref="OperationCanceledException"/> is thrown.</param>
    public Task<HubResponse> PostAsync(
        string hub,
        HubFields fields,
        IEnumerable<KeyValuePair<string, string>>? headers = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(fields);
        return PostAsync(hub, Encoding.ASCII.GetBytes(fields.ToString()), Form, headers, cancellationToken);
    }

    /// <summary>POSTs a body of any type to the hub and reads its answer. Network failures are outcomes, not exceptions.</summary>
    /// <param name="hub">The hub's URL.</param>
    /// <param name="body">The bytes to send.</param>
    /// <param name="contentType">Their content type, sent verbatim.</param>
    /// <param name="headers">Additional request headers, such as <c>Authorization</c>; dropped when a redirect leaves the origin.</param>
    /// <param name="cancellationToken">Ends the exchange; then <see cref="OperationCanceledException"/> is thrown.</param>
    public async Task<HubResponse> PostAsync(
        string hub,
        ReadOnlyMemory<byte> body,
        string contentType,
        IEnumerable<KeyValuePair<string, string>>? headers = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentNullException.ThrowIfNull(contentType);
        if (!VerbatimUrl.TryCreate(hub, out var url, out var fault, MaxUrlBytes))
        {
            return new()
            {
                Outcome = HubOutcome.Unreachable,
                Explanation = $"The hub URL \"{PlainText.Of(hub)}\" {fault}.",
                Hub = hub,
            };
        }

        using var deadline = new CancellationTokenSource(Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var current = hub;
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                using var response = await SendAsync(url, body, contentType, headers, either.Token).ConfigureAwait(false);
                if ((int)response.StatusCode is 301 or 302 or 303 && Location(response) is { } moved)
                    return Redirected(
                        response,
                        current,
                        $"({(int)response.StatusCode}) to {PlainText.Of(RelativeReference.Resolve(current, moved))}, "
                            + "where a POST must not follow; "
                            + "if that is the hub now, name it instead"
                    );
                if ((int)response.StatusCode is not (307 or 308))
                    return await ReadAsync(response, current, either.Token).ConfigureAwait(false);
                if (Location(response) is not { } location)
                    return Redirected(response, current, "without a Location header");
                if (redirects == MaxRedirects)
                    return Redirected(response, current, $"more than {MaxRedirects} times");

                var target = RelativeReference.Resolve(current, location);
                if (!VerbatimUrl.TryCreate(target, out var next, out fault, MaxUrlBytes))
                    return Redirected(response, current, $"to \"{PlainText.Of(target)}\", which {fault}");
                if (url.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp)
                    return Redirected(response, current, $"from https to {PlainText.Of(target)}, which is not encrypted");
                if (!IsSameOrigin(url, next))
                    headers = null;
                (current, url) = (target, next);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Either our deadline or the time limit for connecting.
            return new()
            {
                Outcome = HubOutcome.TimedOut,
                Explanation = $"The hub {PlainText.Of(current)} did not answer within {Timeout.TotalSeconds:0.#} s.",
                Hub = current,
            };
        }
        catch (HttpRequestException e) when (AddressRefusedException.In(e) is { } refusal)
        {
            return new()
            {
                Outcome = HubOutcome.AddressRefused,
                Explanation = refusal.Message,
                Hub = current,
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new()
            {
                Outcome = HubOutcome.Unreachable,
                Explanation = $"The hub {PlainText.Of(current)} cannot be reached: {PlainText.Of(e.GetBaseException().Message)}",
                Hub = current,
            };
        }
    }

    private static bool IsSameOrigin(Uri one, Uri other) =>
        Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static string? Location(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Location", out var values) && values.FirstOrDefault(v => v.Length > 0) is { } value
            ? AsciiUrl.OfHeader(value)
            : null;

    private async Task<HttpResponseMessage> SendAsync(
        Uri url,
        ReadOnlyMemory<byte> body,
        string contentType,
        IEnumerable<KeyValuePair<string, string>>? headers,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        foreach (var (name, value) in headers ?? [])
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HubResponse> ReadAsync(HttpResponseMessage response, string hub, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var body = await ReadBodyAsync(response, cancellationToken).ConfigureAwait(false);
        var text = PlainText.Of(body.Length > MaxExplanation ? body[..MaxExplanation] : body, MaxExplanation);
        return new()
        {
            Outcome = status switch
            {
                >= 200 and < 300 => HubOutcome.Accepted,
                >= 300 and < 400 => HubOutcome.BadRedirect,
                408 or 425 or 429 or >= 500 => HubOutcome.Failed,
                _ => HubOutcome.Refused,
            },
            StatusCode = status,
            // An HTML page explains nothing in a terminal.
            Explanation = text.Length > 0 && !text.StartsWith('<') ? $"The hub answered {status}: {text}" : $"The hub answered {status}.",
            Body = body,
            Headers = [.. HeadersOf(response)],
            Hub = hub,
            RetryAfter = RetryAfter.Read(response, _time.GetUtcNow()),
        };
    }

    // The status is the answer: what follows is only for display, and may be slow, broken or missing.
    private static async Task<string> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var start = await BoundedBody.ReadStartAsync(stream, MaxBodyBytes, cancellationToken).ConfigureAwait(false);
            return Encoding.UTF8.GetString(start);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            return "";
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> HeadersOf(HttpResponseMessage response) =>
        from header in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
        from value in header.Value
        select KeyValuePair.Create(header.Key, value);

    private static HubResponse Redirected(HttpResponseMessage response, string hub, string how) =>
        new()
        {
            Outcome = HubOutcome.BadRedirect,
            StatusCode = (int)response.StatusCode,
            Explanation = $"The hub redirected {how}.",
            Hub = hub,
        };
}
