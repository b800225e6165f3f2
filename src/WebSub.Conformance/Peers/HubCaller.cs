using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using WebSub.Conformance.Checks;
using WebSub.Http;
using WebSub.Protocol;

namespace WebSub.Conformance.Peers;

/// <summary>Sends forms to hubs, and writes down what was said.</summary>
/// <param name="http">A client that does not follow redirects.</param>
/// <param name="transcript">What is said goes here.</param>
/// <param name="time">The clock of the deadline.</param>
/// <param name="patience">How long an answer may take.</param>
internal sealed class HubCaller(HttpClient http, Transcript transcript, TimeProvider time, TimeSpan patience)
{
    private const int LongestAnswer = 64 * 1024;

    /// <summary>Sends a form.</summary>
    /// <param name="hub">The hub's URL.</param>
    /// <param name="fields">The form.</param>
    /// <param name="apiKey">Sent as a bearer token; null for none.</param>
    /// <param name="over">Ends the exchange.</param>
    /// <exception cref="CheckFailedException">The hub cannot be reached, or does not answer in time.</exception>
    public async Task<HubAnswer> PostAsync(string hub, HubFields fields, string? apiKey, CancellationToken over)
    {
        var form = fields.ToString();
        using var request = new HttpRequestMessage(HttpMethod.Post, hub);
        request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes(form));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        if (apiKey is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        var at = transcript.Now;
        using var deadline = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, deadline.Token);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            var stream = await answer.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                var body = await BoundedBody.ReadStartAsync(stream, LongestAnswer, either.Token).ConfigureAwait(false);
                transcript.Sent(at, request, form, Transcript.Text(answer, body));
                return new((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, Encoding.UTF8.GetString(body));
            }
        }
        catch (OperationCanceledException) when (!over.IsCancellationRequested)
        {
            var reason = string.Create(CultureInfo.InvariantCulture, $"the hub did not answer within {patience.TotalSeconds:0.#} s");
            transcript.Sent(at, request, form, reason);
            throw new CheckFailedException(reason);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            var reason = $"the hub cannot be reached: {e.Message}";
            transcript.Sent(at, request, form, reason);
            throw new CheckFailedException(reason);
        }
    }
}
