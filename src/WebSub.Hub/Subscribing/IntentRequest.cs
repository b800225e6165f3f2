using System.Security.Cryptography;
using System.Text;
using WebSub.Documents;
using WebSub.Http;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.Hub.Subscribing;

/// <summary>
/// Asks a callback to confirm a request: one GET with a new random challenge (H19, H22), without following redirects (H20). A denial is
/// sent to the callback in the same way, without a challenge (H18); any answer will do.
/// </summary>
internal sealed class IntentRequest(HubHttp http, HubClock time)
{
    private const int ChallengeLength = 64;

    /// <summary>How many bytes of a verification are the subscriber's own: all but the challenge and a few headers.</summary>
    public static int EchoOf(RequestRow request, Callback callback) => QueryOf(request, "").AppendTo(callback).OriginalString.Length;

    /// <summary>Returns the answer and, unless it was confirmed, why not.</summary>
    /// <param name="request">The request to confirm.</param>
    /// <param name="timeout">How long the answer may take.</param>
    /// <param name="crowdedOut">Ends it earlier, because other requests need its slot.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<(IntentAnswer Answer, string Reason)> AskAsync(
        RequestRow request,
        TimeSpan timeout,
        CancellationToken crowdedOut,
        CancellationToken cancellationToken
    )
    {
        if (!Callback.TryParse(request.Callback, out var callback, out var fault))
            return (IntentAnswer.Rejected, $"its callback {fault}");

        var denied = request.Verdict == IntentVerdict.Denied;
        var challenge = denied ? null : RandomNumberGenerator.GetHexString(ChallengeLength, lowercase: true);
        var query = QueryOf(request, challenge);
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token, crowdedOut);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, query.AppendTo(callback));
            // Without it, any coding would be acceptable (RFC 9110 §12.5.3).
            message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
            using var response = await http.Other.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await ReadAsync(response, challenge, either.Token);
        }
        catch (HttpRequestException e) when (AddressRefusedException.In(e) is { } refusal)
        {
            return (IntentAnswer.Rejected, refusal.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (IntentAnswer.Failed, $"no answer within {timeout.TotalSeconds:0.#} s");
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            return (IntentAnswer.Rejected, $"the callback's answer is not what its Content-Encoding says: {PlainText.Of(e.Message)}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (IntentAnswer.Failed, PlainText.Of(e.GetBaseException().Message));
        }
    }

    private static CallbackQuery QueryOf(RequestRow request, string? challenge) =>
        new()
        {
            Mode = challenge is null ? HubModes.Denied : request.Mode,
            Topic = request.Topic,
            Challenge = challenge,
            Reason = request.Reason,
            LeaseSeconds = challenge is not null && request.Mode == HubModes.Subscribe ? request.LeaseSeconds : null,
            VerifyToken = request.VerifyToken,
        };

    private static async Task<(IntentAnswer Answer, string Reason)> ReadAsync(
        HttpResponseMessage response,
        string? challenge,
        CancellationToken cancellationToken
    )
    {
        var status = (int)response.StatusCode;
        if (status >= 500)
            return (IntentAnswer.Failed, $"the callback answered {status}");
        if (challenge is null)
            return (IntentAnswer.Confirmed, "");
        if (status is < 200 or >= 300)
            return (IntentAnswer.Rejected, $"the callback answered {status}");

        var coding = response.Content.Headers.NonValidated.TryGetValues("Content-Encoding", out var codings) ? codings.ToString() : null;
        await using var stream = ContentCoding.Decode(await response.Content.ReadAsStreamAsync(cancellationToken), coding);
        if (stream is null)
            return (
                IntentAnswer.Rejected,
                $"the callback answered in the Content-Encoding {PlainText.Of(coding!)}, which was not asked for"
            );
        var body = await BoundedBody.ReadStartAsync(stream, challenge.Length + 1, cancellationToken);
        return body.AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(challenge))
            ? (IntentAnswer.Confirmed, "")
            : (IntentAnswer.Rejected, $"the callback answered {status}, but not with exactly the challenge");
    }
}
