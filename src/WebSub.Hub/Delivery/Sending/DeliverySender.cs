using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using WebSub.Http;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Signatures;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>Makes one POST: the content as it was published, signed if the subscription has a secret (§7).</summary>
internal sealed class DeliverySender(IOptions<HubOptions> options, HubHttp http, HubClock time)
{
    /// <param name="target">The subscription.</param>
    /// <param name="entry">What it gets.</param>
    /// <param name="content">The content of that.</param>
    /// <param name="trace">What the attempt is part of, for those who listen.</param>
    /// <param name="cancellationToken">Ends the attempt as timed out.</param>
    public Task<DeliveryOutcome> SendAsync(
        DeliveryTarget target,
        LogEntry entry,
        EntryContent content,
        ActivityContext trace,
        CancellationToken cancellationToken
    ) =>
        WebSubHubTelemetry.IsHeard
            ? TraceAsync(target, entry, content, trace, cancellationToken)
            : PostAsync(target, entry, content, cancellationToken);

    private async Task<DeliveryOutcome> TraceAsync(
        DeliveryTarget target,
        LogEntry entry,
        EntryContent content,
        ActivityContext trace,
        CancellationToken cancellationToken
    )
    {
        using var activity = WebSubHubTelemetry.StartDelivery(entry.Trace, trace);
        activity
            ?.SetTag("websub.callback", target.Row.Callback)
            .SetTag("websub.delivery_id", target.Topic.DeliveryIdPrefix + entry.Sequence);
        var outcome = await PostAsync(target, entry, content, cancellationToken);
        if (outcome.Status is { } status)
            activity?.SetTag("http.response.status_code", status);
        if (outcome.Result != DeliveryResult.Delivered)
            activity.Fail(outcome.Error);
        return outcome;
    }

    private async Task<DeliveryOutcome> PostAsync(
        DeliveryTarget target,
        LogEntry entry,
        EntryContent content,
        CancellationToken cancellationToken
    )
    {
        var body = content.Diff is not null && target.Row.TakesDiff(entry.Sequence) ? content.Diff : content.Body;
        // An empty diff: nothing is new for who takes diffs, and so nothing is sent.
        if (body.Length == 0 && body == content.Diff)
            return DeliveryOutcome.Delivered;
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Callback) { Content = new ByteArrayContent(body) };
        var headers = request.Headers;
        // H25: verbatim; a typed header would rewrite "text/plain;charset=UTF-8".
        if (entry.ContentType is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", entry.ContentType);
        headers.TryAddWithoutValidation("Link", target.Topic.LinkOf(entry));
        headers.TryAddWithoutValidation(HubHeaders.DeliveryId, target.Topic.DeliveryIdPrefix + entry.Sequence);
        if (target.Replay is { } replay)
            headers.TryAddWithoutValidation(HubHeaders.DeliveryReplay, replay.ToString(CultureInfo.InvariantCulture));
        if (target.Secret is { } secret)
            headers.TryAddWithoutValidation(HubHeaders.Signature, HubSignature.Compute(target.Method, secret, body));

        try
        {
            using var response = await http.Deliveries.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return Read(response);
        }
        catch (OperationCanceledException)
        {
            return DeliveryOutcome.TimedOut;
        }
        catch (HttpRequestException e) when (AddressRefusedException.In(e) is { } refusal)
        {
            return new(DeliveryResult.AddressRefused, Error: refusal.Message);
        }
        catch (HttpRequestException e)
            when (e.HttpRequestError
                    is HttpRequestError.ConnectionError
                        or HttpRequestError.NameResolutionError
                        or HttpRequestError.SecureConnectionError
            )
        {
            return new(DeliveryResult.ConnectFailed, Error: PlainText.Of(e.GetBaseException().Message));
        }
#pragma warning disable CA1031 // Whatever a peer can provoke is a failed attempt; nothing of it may take a place at the gate for good.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new(DeliveryResult.Broken, Error: PlainText.Of(e.GetBaseException().Message));
        }
    }

    private DeliveryOutcome Read(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (status is >= 200 and < 300)
            return DeliveryOutcome.AcceptedWith(status);
        if (response.StatusCode == HttpStatusCode.Gone && options.Value.Delivery.EndOnGone)
            return new(DeliveryResult.Gone, status, "The callback answered 410 Gone.");

        var wait = RetryAfter.Read(response, time.GetUtcNow());
        var throttled = status == 429 || (status == 503 && wait is not null);
        return new(throttled ? DeliveryResult.Throttled : DeliveryResult.Refused, status, $"The callback answered {status}.", wait);
    }
}
