using Microsoft.Extensions.Options;
using WebSub.Documents;
using WebSub.Hub.Hosting;
using WebSub.Wire;
using WebSub.Work;

namespace WebSub.Hub.Publishing;

/// <summary>Reads what a publisher or a subscriber has sent, as it was before it was compressed (RFC 9110 §8.4).</summary>
internal sealed class ReceivedBody(IOptions<HubOptions> options, HubClock time)
{
    /// <summary>How long a request may take to send its body, and to wait for room.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(60);

    private readonly ByteBudget _budget = new(options.Value.Publishing.MaxIntakeBytes);

    /// <summary>The body, or the answer that says why it is refused. The caller says which <paramref name="limit"/> it exceeds.</summary>
    public async Task<(byte[]? Body, IResult? Refusal)> ReadAsync(HttpContext context, long limit)
    {
        var wire = WireBody.Of(context);
        var coding = wire.ContentEncoding.ToString();
        if (ContentCoding.Decode(wire.Stream, coding) is not { } plain)
        {
            context.Response.Headers.AcceptEncoding = "gzip, deflate, br";
            return (
                null,
                HubResults.Text(
                    StatusCodes.Status415UnsupportedMediaType,
                    $"The Content-Encoding {coding} is not one that this hub undoes; it takes gzip, deflate and br."
                )
            );
        }

        try
        {
            var (body, inTime) = await ReadAsync(context, plain, coding.Length == 0 ? context.Request.ContentLength : null, limit);
            if (!inTime)
                return (null, HubResults.Busy(context));
            return body is null ? (null, HubResults.TooLarge(limit)) : (body, null);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException && coding.Length > 0)
        {
            return (null, HubResults.BadRequest($"The body is not what its Content-Encoding {coding} says, or it breaks off."));
        }
    }

    /// <summary>The body as it came; null if it has more bytes than the limit, or did not arrive or find room in time.</summary>
    public Task<(byte[]? Body, bool InTime)> ReadAsItCameAsync(HttpContext context, long limit) =>
        ReadAsync(context, context.Request.Body, context.Request.ContentLength, limit);

    /// <summary>True if there is no body, however long one was announced.</summary>
    public static Task<bool> IsEmptyAsync(HttpContext context) =>
        AsRequestAsync(context, async () => await context.Request.Body.ReadAsync(new byte[1], context.RequestAborted) == 0);

    private async Task<(byte[]? Body, bool InTime)> ReadAsync(HttpContext context, Stream body, long? announced, long limit)
    {
        using var deadline = new CancellationTokenSource(LongestRead, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, deadline.Token);
        var sender = context.Connection.RemoteIpAddress?.ToString() ?? "";
        try
        {
            var read = await AsRequestAsync(context, () => BudgetedBody.ReadAsync(body, limit, announced, _budget, sender, either.Token));
            // Stored or refused: what was read is no longer needed.
            context.Response.RegisterForDispose(read);
            return (read.Bytes, true);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return (null, false);
        }
    }

    // The server throws this for most bodies that are not as HTTP has them, but not for all: a chunk may be larger than any number.
    private static async Task<T> AsRequestAsync<T>(HttpContext context, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (IOException e) when (e is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body cannot be read.", e);
        }
    }
}
