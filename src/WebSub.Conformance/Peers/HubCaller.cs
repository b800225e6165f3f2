using System.Net.Http.Headers;
using System.Text;
using WebSub.Conformance.Checks;
using WebSub.Protocol;

namespace WebSub.Conformance.Peers;

/// <summary>Sends forms to hubs, and writes down what was said.</summary>
/// <param name="http">A client that does not follow redirects.</param>
/// <param name="transcript">What is said goes here.</param>
/// <param name="time">The clock of the deadline.</param>
/// <param name="patience">How long an answer may take.</param>
internal sealed class HubCaller(HttpClient http, Transcript transcript, TimeProvider time, TimeSpan patience)
{
    private readonly PeerCaller _caller = new("the hub", http, transcript, time, patience);

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
        return await _caller
            .SendAsync(
                request,
                form,
                (answer, body) =>
                    new HubAnswer((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, transcript.Quote(body)),
                over
            )
            .ConfigureAwait(false);
    }
}
