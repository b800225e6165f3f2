using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using WebSub.Wire;
using WebSub.Work;

namespace WebSub.Subscriber.Callbacks;

/// <summary>
/// Reads the bodies of deliveries, whose senders decide how long they are and how slowly they come. All callbacks together hold a bounded
/// number of bytes, so that a hub that drips leaves memory to the others.
/// </summary>
internal sealed class DeliveryBody(IOptions<WebSubSubscriberOptions> options, TimeProvider time)
{
    /// <summary>How long a delivery may take to arrive, waiting for room included.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(60);

    private readonly ByteBudget _budget = new(options.Value.MaxBytesInFlight);

    /// <summary>The raw bytes, held until the response ends; or the answer that says why there are none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="wire">Its body as it came.</param>
    /// <param name="holder">The subscription, whose share it counts on.</param>
    public async Task<(byte[]? Bytes, int Status, string Text, string Result)> ReadAsync(HttpContext context, WireBody wire, string holder)
    {
        var limit = options.Value.MaxBodyBytes;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        using var deadline = new CancellationTokenSource(LongestRead, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, deadline.Token);
        try
        {
            var read = await BudgetedBody.ReadAsync(wire.Stream, limit, context.Request.ContentLength, _budget, holder, either.Token);
            context.Response.RegisterForDispose(read);
            return read.Bytes is { } bytes
                ? (bytes, StatusCodes.Status200OK, "", "")
                : (null, StatusCodes.Status413PayloadTooLarge, $"A delivery may have at most {limit} bytes.", "too_large");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            context.Response.Headers.RetryAfter = "5";
            return (
                null,
                StatusCodes.Status503ServiceUnavailable,
                "The delivery did not arrive in time, or there are too many to take in; try again.",
                "busy"
            );
        }
        catch (IOException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            return (
                null,
                (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest,
                "The body cannot be read: it breaks off, or its chunks are none.",
                "unreadable"
            );
        }
    }
}
