using WebSub.Http;
using WebSub.Values;

namespace WebSub.Hub.Hosting;

/// <summary>The answers of the protocol endpoints: a status and, for an error, a sentence in text/plain, as §5.1.2 requires.</summary>
internal static class HubResults
{
    public static IResult Accepted() => TypedResults.StatusCode(StatusCodes.Status202Accepted);

    public static IResult BadRequest(string sentence) => Text(StatusCodes.Status400BadRequest, sentence);

    public static IResult TooLarge(long limit) => Text(StatusCodes.Status413PayloadTooLarge, $"The body has more than {limit} bytes.");

    /// <summary>The body took too long to arrive, or to find room in memory.</summary>
    public static IResult Busy(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "5";
        return Text(
            StatusCodes.Status503ServiceUnavailable,
            "The body did not arrive in time, or the hub has too many to take in; try again."
        );
    }

    /// <summary>Nothing can be stored or looked up now.</summary>
    public static IResult DatabaseAway(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "5";
        return Text(StatusCodes.Status503ServiceUnavailable, "The hub's database does not answer as it should; try again later.");
    }

    /// <summary>The sentence of a node that takes nothing in.</summary>
    public const string DeliversOnly =
        "This node only delivers (WebSub:Hub:Roles is Delivery); send requests to a node whose role is Intake or All.";

    public static IResult PostOnly(HttpContext context)
    {
        context.Response.Headers.Allow = HttpMethods.Post;
        return Text(StatusCodes.Status405MethodNotAllowed, $"This is a WebSub hub: it takes POST, not {context.Request.Method}.");
    }

    /// <summary>Sends the subscriber to another hub.</summary>
    public static IResult Redirect(HttpContext context, WebSubValidation.Redirected to)
    {
        context.Response.Headers.Location = to.Hub.OriginalString;
        return TypedResults.StatusCode(to.Permanent ? StatusCodes.Status308PermanentRedirect : StatusCodes.Status307TemporaryRedirect);
    }

    // A sentence that quotes a request must not write control characters to a terminal, the sender's or ours.
    public static IResult Text(int status, string sentence) =>
        new PlainResult(
            TypedResults.Text(
                string.Concat(sentence.Select(c => UnfitCharacter.Is(c) ? ' ' : c)) + "\n",
                "text/plain; charset=utf-8",
                System.Text.Encoding.UTF8,
                status
            )
        );
}
