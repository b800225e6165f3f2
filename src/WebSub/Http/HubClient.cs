using System.Net.Http.Headers;
using System.Text;
using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.Http;

/// <summary>Sends form messages to hubs: subscribe, unsubscribe, publish. A 307 or 308 is sent again to its target (S13); other redirects are errors.</summary>
public sealed class HubClient(HttpClient http, TimeProvider? timeProvider = null)
{
    /// <summary>How many 307/308 are followed.</summary>
    public const int MaxRedirects = 5;

    private const int MaxExplanationBytes = 2048;
    private static readonly MediaTypeHeaderValue Form = new("application/x-www-form-urlencoded");
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;

    /// <summary>How long the whole exchange may take, redirects included.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>POSTs the fields to the hub and reads its answer. Network failures are outcomes, not exceptions.</summary>
    /// <param name="hub">The hub's URL.</param>
    /// <param name="fields">The message.</param>
    /// <param name="headers">Further request headers, for example <c>Authorization</c>; dropped when a redirect leaves the origin.</param>
    /// <param name="cancellationToken">Ends the exchange; then <see cref="OperationCanceledException"/> is thrown.</param>
    public async Task<HubResponse> PostAsync(string hub, HubFields fields, IEnumerable<KeyValuePair<string, string>>? headers = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fields);
        if (!VerbatimUrl.TryCreate(hub, out var url, out var fault))
        {
            return new() { Outcome = HubOutcome.Unreachable, Explanation = $"The hub URL \"{hub}\" {fault}.", Hub = hub };
        }

        var body = Encoding.ASCII.GetBytes(fields.ToString());
        using var deadline = new CancellationTokenSource(Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var current = hub;
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                var sameOrigin = current == hub || (VerbatimUrl.TryCreate(hub, out var first, out _) && Uri.Compare(first, url, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0);
                using var response = await SendAsync(url, body, sameOrigin ? headers : null, either.Token).ConfigureAwait(false);
                if ((int)response.StatusCode is not (307 or 308)) return await ReadAsync(response, current, either.Token).ConfigureAwait(false);
                if (response.Headers.Location is not { } location) return Redirected(response, current, "without a Location header");
                if (redirects == MaxRedirects) return Redirected(response, current, $"more than {MaxRedirects} times");
                current = new Uri(url, location).AbsoluteUri;
                if (!VerbatimUrl.TryCreate(current, out url, out fault)) return Redirected(response, current, $"to a URL that {fault}");
            }
        }
        catch (AddressRefusedException e)
        {
            return new() { Outcome = HubOutcome.AddressRefused, Explanation = e.Message, Hub = current };
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new() { Outcome = HubOutcome.TimedOut, Explanation = $"The hub {current} did not answer within {Timeout.TotalSeconds:0.#} s.", Hub = current };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new() { Outcome = HubOutcome.Unreachable, Explanation = $"The hub {current} cannot be reached: {e.GetBaseException().Message}", Hub = current };
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Uri url, byte[] body, IEnumerable<KeyValuePair<string, string>>? headers, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = Form;
        foreach (var (name, value) in headers ?? [])
        {
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HubResponse> ReadAsync(HttpResponseMessage response, string hub, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var text = Encoding.UTF8.GetString(await BoundedBody.ReadStartAsync(stream, MaxExplanationBytes, cancellationToken).ConfigureAwait(false)).Trim();
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
            Explanation = text.Length > 0 ? $"The hub answered {status}: {text}" : $"The hub answered {status}.",
            Hub = hub,
            RetryAfter = RetryAfter.Read(response, _time.GetUtcNow()),
        };
    }

    private static HubResponse Redirected(HttpResponseMessage response, string hub, string how) =>
        new() { Outcome = HubOutcome.BadRedirect, StatusCode = (int)response.StatusCode, Explanation = $"The hub redirected {how}.", Hub = hub };
}
