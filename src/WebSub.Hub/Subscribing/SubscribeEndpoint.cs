using Microsoft.Extensions.Options;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Secrets;
using WebSub.Storage;

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
        if (Amplification.IsCausedBy(context.Request, formBytes, request))
            return HubResults.BadRequest(Amplification.Refusal);
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
}
