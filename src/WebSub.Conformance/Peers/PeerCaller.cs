using System.Globalization;
using WebSub.Conformance.Checks;
using WebSub.Http;

namespace WebSub.Conformance.Peers;

/// <summary>Sends requests to the peer that is checked, and writes down what was said.</summary>
/// <param name="who">The peer, in the words of a failure: "the hub".</param>
/// <param name="http">A client that does not follow redirects.</param>
/// <param name="transcript">What is said goes here.</param>
/// <param name="time">The clock of the deadline.</param>
/// <param name="patience">How long an answer may take.</param>
internal sealed class PeerCaller(string who, HttpClient http, Transcript transcript, TimeProvider time, TimeSpan patience)
{
    private const int LongestAnswer = 64 * 1024;

    /// <summary>Sends it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">Its body, for the transcript.</param>
    /// <param name="read">Reads the answer, whose body is given as far as it is needed.</param>
    /// <param name="over">Ends the exchange.</param>
    /// <exception cref="CheckFailedException">The peer cannot be reached, or does not answer in time.</exception>
    public async Task<T> SendAsync<T>(
        HttpRequestMessage request,
        string body,
        Func<HttpResponseMessage, byte[], T> read,
        CancellationToken over
    )
    {
        var at = transcript.Now;
        using var deadline = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, deadline.Token);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            var stream = await answer.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                var content = await BoundedBody.ReadStartAsync(stream, LongestAnswer, either.Token).ConfigureAwait(false);
                transcript.Sent(at, request, body, Transcript.Text(answer, content));
                return read(answer, content);
            }
        }
        catch (OperationCanceledException) when (!over.IsCancellationRequested)
        {
            var reason = string.Create(CultureInfo.InvariantCulture, $"{who} did not answer within {patience.TotalSeconds:0.#} s");
            transcript.Sent(at, request, body, reason);
            throw new CheckFailedException(reason);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            var reason = $"{who} cannot be reached: {e.Message}";
            transcript.Sent(at, request, body, reason);
            throw new CheckFailedException(reason);
        }
    }
}
