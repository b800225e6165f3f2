using WebSub.Documents;
using WebSub.Http;
using WebSub.Hub.Hosting;
using WebSub.Wire;

namespace WebSub.Hub.Publishing;

/// <summary>Reads what a publisher or a subscriber has sent, as it was before it was compressed (RFC 9110 §8.4).</summary>
internal static class ReceivedBody
{
    /// <summary>The body, or the answer that says why it is refused. The caller says which <paramref name="limit"/> it exceeds.</summary>
    public static async Task<(byte[]? Body, IResult? Refusal)> ReadAsync(HttpContext context, long limit)
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
            return await BoundedBody.ReadAsync(plain, limit, context.RequestAborted) is { } body
                ? (body, null)
                : (null, HubResults.TooLarge(limit));
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException && coding.Length > 0)
        {
            return (null, HubResults.BadRequest($"The body is not what its Content-Encoding {coding} says, or it breaks off."));
        }
    }
}
