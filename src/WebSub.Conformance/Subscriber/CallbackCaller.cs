using System.Globalization;
using System.Text;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.Conformance.Subscriber;

/// <summary>Sends to callbacks what a hub sends, and writes down what was said.</summary>
/// <param name="http">A client that does not follow redirects.</param>
/// <param name="transcript">What is said goes here.</param>
/// <param name="time">The clock of the deadline.</param>
/// <param name="patience">How long an answer may take.</param>
internal sealed class CallbackCaller(HttpClient http, Transcript transcript, TimeProvider time, TimeSpan patience)
{
    // Room for a challenge that is too long.
    private const int LongestUrl = 16 * 1024;

    private readonly PeerCaller _caller = new("the callback", http, transcript, time, patience);

    /// <summary>A challenge that nobody else has used.</summary>
    public static string NewChallenge() => Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);

    /// <summary>A verification or a denial.</summary>
    /// <exception cref="CheckFailedException">The callback cannot be reached, or does not answer in time.</exception>
    public async Task<CallbackAnswer> GetAsync(string callback, HubFields fields, CancellationToken over)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(VerbatimUrl.WithQuery(callback, fields.ToString())));
        return await _caller.SendAsync(request, "", Read, over).ConfigureAwait(false);
    }

    /// <summary>A delivery.</summary>
    /// <exception cref="CheckFailedException">The callback cannot be reached, or does not answer in time.</exception>
    public async Task<CallbackAnswer> PostAsync(string callback, Update update, string link, string? signature, CancellationToken over)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address(callback));
        request.Content = new ByteArrayContent(update.Body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", update.ContentType);
        request.Headers.TryAddWithoutValidation("Link", link);
        if (signature is not null)
            request.Headers.TryAddWithoutValidation(HubHeaders.Signature, signature);
        return await _caller.SendAsync(request, Encoding.UTF8.GetString(update.Body), Read, over).ConfigureAwait(false);
    }

    private static Uri Address(string url) =>
        VerbatimUrl.TryCreate(url, out var address, out var fault, LongestUrl)
            ? address
            : throw new CheckFailedException($"the callback \"{url}\" {fault}");

    private static CallbackAnswer Read(HttpResponseMessage answer, byte[] body) =>
        new(
            (int)answer.StatusCode,
            answer.Content.Headers.ContentType?.MediaType?.ToLowerInvariant(),
            answer.Headers.TryGetValues("X-Content-Type-Options", out var options) ? string.Join(", ", options) : null,
            body
        );
}
