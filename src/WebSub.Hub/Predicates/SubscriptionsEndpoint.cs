using Microsoft.Extensions.Options;
using WebSub.Hub.Access;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Publishing;
using WebSub.Hub.Storage;
using WebSub.Hub.Subscribing;
using WebSub.Protocol;

namespace WebSub.Hub.Predicates;

/// <summary><c>POST /subscriptions</c>: subscribes to predicates, and unsubscribes.</summary>
internal sealed class SubscriptionsEndpoint(
    IOptions<HubOptions> options,
    HubHttp http,
    PublisherAccess access,
    ClientRateLimit limits,
    ReceivedBody received,
    SubscriptionPolicy policy,
    SubscriptionValidators validators,
    PredicateSubscribing subscribing,
    ILogger<SubscriptionsEndpoint> logger
)
{
    /// <summary>The body's type.</summary>
    public const string FormType = "application/x-www-form-urlencoded";

    private const int MaxFormBytes = 64 * 1024;

    public async Task<IResult> PostAsync(HttpContext context)
    {
        var type = context.Request.MediaType();
        if (type != FormType)
            return PredicateResults.Errors(PredicateError.UnsupportedMediaType(type, FormType));
        var caller = await access.ReadAsync(context);
        if (!caller.IsKnown && await limits.SubscribesTooOftenAsync(context))
            return PredicateResults.TooMany();
        var (body, inTime) = await received.ReadAsItCameAsync(context, MaxFormBytes);
        if (body is null)
            return PredicateResults.NotRead(context, inTime, MaxFormBytes);
        if (!HubFields.TryParse(body, out var fields, out var fault))
            return PredicateResults.Errors(PredicateError.Generic(StatusCodes.Status400BadRequest, fault));

        var (request, errors) = PredicateForm.Read(fields, http.Guard);
        if (request is null)
            return PredicateResults.Errors(errors);
        if (Amplification.IsCausedBy(context.Request, body.Length, request.Row))
            return PredicateResults.Errors(PredicateError.Generic(StatusCodes.Status400BadRequest, Amplification.Refusal));
        if (policy.PatternRefusal(request.Row) is { } refusal)
            return PredicateResults.Errors(PredicateError.Generic(StatusCodes.Status403Forbidden, refusal));
        return await DecideAsync(context, caller, request, fields);
    }

    private async Task<IResult> DecideAsync(HttpContext context, Caller caller, IncomingRequest request, HubFields fields)
    {
        var verify = options.Value.Predicates.VerifyIntent switch
        {
            PredicateVerification.Always => true,
            PredicateVerification.Never => false,
            _ => !caller.IsKnown,
        };
        switch (await validators.DecideAsync(context, request.Row, fields))
        {
            case WebSubValidation.Refused refused:
                return PredicateResults.Errors(PredicateError.Generic(refused.Status, refused.Reason));

            case WebSubValidation.Redirected redirected:
                return HubResults.Redirect(context, redirected);

            case WebSubValidation.Denied denied:
                request = request with { Row = request.Row with { Verdict = IntentVerdict.Denied, Reason = denied.Reason } };
                break;

            case WebSubValidation.Accepted { Verified: true }:
                verify = false;
                break;

            case null:
                return PredicateResults.Errors(PredicateError.Unexpected());
        }

        return await CarryOutAsync(context, request, verify);
    }

    private async Task<IResult> CarryOutAsync(HttpContext context, IncomingRequest request, bool verify)
    {
        PredicateOutcome outcome;
        try
        {
            outcome = await subscribing.HandleAsync(request, verify, context.RequestAborted);
        }
#pragma warning disable CA1031 // All of it is database work; the error goes to the log, not to the caller.
        catch (Exception e) when (PredicateRequests.IsRefusal(e))
#pragma warning restore CA1031
        {
            Log.StorageRefused(logger, e, context.Request.Method, context.Request.Path);
            return PredicateResults.Errors(PredicateError.StorageRefused());
        }

        if (outcome == PredicateOutcome.Accepted && !verify)
            Log.PredicateDone(logger, request.Row.Mode, request.Row.Callback, request.Row.Topic, request.Row.LeaseSeconds);
        return outcome switch
        {
            PredicateOutcome.Exists => PredicateResults.Errors(PredicateError.SubscriptionExists()),
            PredicateOutcome.TooMany => PredicateResults.Errors(
                PredicateError.TooManySubscriptions(options.Value.Predicates.MaxPerCallback)
            ),
            PredicateOutcome.TopicFull => PredicateResults.Errors(
                PredicateError.Generic(
                    StatusCodes.Status403Forbidden,
                    $"The topic has {options.Value.Subscribing.MaxPerTopic} subscriptions; no more are allowed."
                )
            ),
            PredicateOutcome.NotFound => PredicateResults.Errors(PredicateError.SubscriptionNotFound()),
            _ => HubResults.Accepted(),
        };
    }
}
