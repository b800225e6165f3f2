using Microsoft.AspNetCore.Http.Features;
using WebSub.Hub.Access;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Publishing;
using WebSub.Hub.Subscribing;
using WebSub.Protocol;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Endpoints;

/// <summary>
/// <c>POST /hub</c>: tells forms from pushed content and hands each to the endpoint that answers it. The answer never waits for a
/// verification or a delivery (H11).
/// </summary>
internal sealed class HubEndpoint(
    SubscribeEndpoint subscribing,
    PublishEndpoint publishing,
    RegistrationEndpoint registering,
    ClientRateLimit limits,
    ReceivedBody received,
    DatabasePatience patience,
    HubNode node,
    HubClock time,
    ILogger<HubEndpoint> logger
)
{
    private readonly FailureLog _failures = new("The hub's endpoint", time, logger);

    private const int MaxFormBytes = 64 * 1024;
    private const string FormType = "application/x-www-form-urlencoded";

    /// <summary>Answers a request; an unexpected failure, such as a database that is down, becomes a 5xx with a sentence (H10).</summary>
    public async Task<IResult> AnswerAsync(HttpContext context)
    {
        try
        {
            return await patience.RunAsync(context, () => HandleAsync(context));
        }
        catch (BadHttpRequestException e)
        {
            return HubResults.Text(e.StatusCode, "The request cannot be read.");
        }
#pragma warning disable CA1031 // The caller gets a sentence whatever happened; the log has the rest.
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (e is DatabaseException || FailureLog.IsOutage(e))
            {
                _failures.Report(e);
                return HubResults.DatabaseAway(context);
            }

            Log.RequestFailed(logger, e, context.Request.Method, context.Request.Path);
            if (e is System.Data.Common.DbException)
                return HubResults.DatabaseAway(context);
            return HubResults.Text(StatusCodes.Status500InternalServerError, "The hub failed; its log has the reason.");
        }
    }

    private async Task<IResult> HandleAsync(HttpContext context)
    {
        if (!node.TakesIn)
            return HubResults.Text(StatusCodes.Status503ServiceUnavailable, HubResults.DeliversOnly);
        // Our own limits count the bytes as they arrive; the server's limit could undercut the setting.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        var isForm = context.Request.MediaType() == FormType;
        var pushes = context.Request.Query[HubParameters.Mode] == HubModes.Publish;
        if (pushes && await limits.PublishAsync(context) is { } tooMany)
            return tooMany;
        if (!isForm && pushes)
            return await publishing.PushAsync(context, null);
        if (!isForm)
            return HubResults.Text(
                StatusCodes.Status415UnsupportedMediaType,
                $"The body must be {FormType}. To publish content itself, POST it to this URL with "
                    + $"?{HubParameters.Mode}={HubModes.Publish}&{HubParameters.Topic}=URL."
            );

        // Only callers that may push content may fill our memory with it; from others a body of this size is refused as the push it must
        // be.
        var mayPush = pushes && await publishing.MayPushAsync(context);
        var limit = mayPush ? publishing.MaxContentBytes : MaxFormBytes;
        var (body, refusal) = await received.ReadAsync(context, limit);
        if (body is null)
            return pushes && !mayPush ? await publishing.RefusePushAsync(context) : refusal!;
        // Whoever writes everything into the query sends no content, and so pushes none.
        if (pushes && body.Length == 0)
            return await publishing.PushAsync(context, body);
        if (!HubForm.TryRead(body, out var fields, out var error))
            return pushes ? await publishing.PushAsync(context, body) : HubResults.BadRequest(error);
        // A form that is pushed as content has no hub.mode in its body.
        if (pushes && fields[HubParameters.Mode] is null)
            return await publishing.PushAsync(context, body);

        return fields[HubParameters.Mode] switch
        {
            HubModes.Subscribe or HubModes.Unsubscribe => await limits.SubscribeAsync(context)
                ?? await subscribing.HandleAsync(context, fields, body.Length),
            HubModes.Publish => await publishing.PingAsync(context, fields),
            RegistrationEndpoint.Register or RegistrationEndpoint.Deregister => await limits.PublishAsync(context)
                ?? await registering.HandleAsync(context, fields),
            null or "" => HubResults.BadRequest("hub.mode is missing; it must be subscribe, unsubscribe or publish."),
            var other => HubResults.BadRequest(
                $"hub.mode is \"{(other.Length <= 40 ? other : other[..40] + "…")}\"; it must be subscribe, unsubscribe or publish."
            ),
        };
    }
}
