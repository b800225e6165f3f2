using WebSub.Hub.Diagnostics;
using WebSub.Hub.Storage;
using WebSub.Protocol;

namespace WebSub.Hub.Subscribing;

/// <summary>Asks the host's validators about a request in turn, until one of them does not simply accept.</summary>
internal sealed class SubscriptionValidators(ILogger<SubscriptionValidators> logger)
{
    /// <summary>The decision; null if a validator failed.</summary>
    public async Task<WebSubValidation?> DecideAsync(HttpContext context, RequestRow request, HubFields fields)
    {
        var validated = new WebSubValidationRequest
        {
            Mode = request.Mode,
            Topic = request.Topic,
            Callback = request.Callback,
            LeaseSeconds = request.LeaseSeconds,
            Fields = new(fields.Items.Where(f => f.Key != HubParameters.Secret)),
            Headers = context.Request.Headers,
        };
        var decision = WebSubValidation.Accept;
        try
        {
            foreach (var validator in context.RequestServices.GetServices<IWebSubValidator>())
            {
                decision = await validator.ValidateAsync(validated, context.RequestAborted);
                if (decision is not WebSubValidation.Accepted)
                    break;
            }
        }
#pragma warning disable CA1031 // The user's code failed: the caller gets a 500 and nothing is stored.
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.ValidatorFailed(logger, e, request.Callback, request.Topic);
            return null;
        }

        return decision;
    }
}
