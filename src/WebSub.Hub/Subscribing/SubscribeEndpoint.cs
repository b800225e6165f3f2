using Microsoft.Extensions.Options;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Secrets;
using WebSub.Storage;
using WebSub.Values;
using WebSub.Wire;

namespace WebSub.Hub.Subscribing;

/// <summary>
/// Answers subscribe and unsubscribe: refuses what is malformed or not allowed, stores the rest and answers 202; verification follows later
/// (§5.1.2).
/// </summary>
internal sealed class SubscribeEndpoint(
    IOptions<HubOptions> options,
    HubHttp http,
    SubscriptionPolicy policy,
    SubscriptionValidators validators,
    SecretBox secrets,
    RequestStore requests,
    IntentSignal signal,
    HubClock time
)
{
    /// <summary>Up to this, a verification is no larger than what setting up its connection takes.</summary>
    private const int SmallEcho = 1024;

    /// <param name="context">The request.</param>
    /// <param name="fields">Its form.</param>
    /// <param name="formBytes">The length of the form.</param>
    public async Task<IResult> HandleAsync(HttpContext context, HubFields fields, int formBytes)
    {
        var cancellationToken = context.RequestAborted;
        var (incoming, error) = SubscribeForm.Read(fields, options.Value.Lease, http.Guard);
        if (incoming is null)
            return HubResults.BadRequest(error!);
        var request = incoming.Row;
        if (WouldAmplify(context.Request, formBytes, request))
            return HubResults.BadRequest(
                "The verification would be larger than this request; send hub.topic and hub.verify_token percent-encoded and uncompressed."
            );
        if (await policy.TopicFaultAsync(request, cancellationToken) is { } fault)
            return HubResults.BadRequest(fault);
        if (await policy.RefusalAsync(request, cancellationToken) is { } refusal)
            return HubResults.Text(StatusCodes.Status403Forbidden, refusal);

        switch (await validators.DecideAsync(context, request, fields))
        {
            case WebSubValidation.Refused refused:
                return HubResults.Text(refused.Status, refused.Reason);

            case WebSubValidation.Redirected redirected:
                return HubResults.Redirect(context, redirected);

            case WebSubValidation.Denied denied:
                request = request with { Verdict = IntentVerdict.Denied, Reason = denied.Reason };
                break;

            case WebSubValidation.Accepted { Verified: true }:
                request = request with { Verdict = IntentVerdict.Accepted };
                break;

            case null:
                return HubResults.Text(StatusCodes.Status500InternalServerError, "The request could not be validated.");
        }

        request = request with { Secret = secrets.Seal(incoming.Secret, request.Topic, request.Callback) };
        using (var activity = WebSubHubTelemetry.Start(WebSubHubTelemetry.Subscribe))
        {
            activity?.SetTag("websub.mode", request.Mode).SetTag("websub.topic", request.Topic).SetTag("websub.callback", request.Callback);
            await requests.AddAsync(request, DatabaseTime.Now(time), cancellationToken);
        }

        signal.Raise();
        return HubResults.Accepted();
    }

    /// <summary>True if whoever names somebody else's callback would have us send more there than was sent to us.</summary>
    private static bool WouldAmplify(HttpRequest request, int formBytes, RequestRow row)
    {
        if (
            !Callback.TryParse(row.Callback, out var callback, out _)
            || IntentRequest.EchoOf(row, callback) is not (> SmallEcho and var echo)
        )
            return false;
        var body = WireBody.Of(request.HttpContext).ContentEncoding.Count == 0 ? formBytes : request.ContentLength ?? 0;
        return echo > body + request.Headers.Sum(h => h.Key.Length + h.Value.ToString().Length);
    }
}
