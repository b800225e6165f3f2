using System.Text.Encodings.Web;
using System.Text.Json;
using WebSub.Hub.Access;
using WebSub.Hub.Hosting;

namespace WebSub.Hub.Predicates;

/// <summary>The answers of the predicate API: JSON, including errors (IG-5).</summary>
internal static class PredicateResults
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A batch may have thousands of errors; an answer is not much longer than what it answers.</summary>
    private const int MaxErrors = 20;

    /// <summary>The errors of a request; several are answered 400.</summary>
    public static IResult Errors(params IReadOnlyList<PredicateError> errors)
    {
        var body = new
        {
            errors = errors
                .Take(MaxErrors)
                .Select(e => new
                {
                    e.Status,
                    e.Code,
                    e.Title,
                    e.Detail,
                    e.Source,
                }),
        };
        return Json(body, errors.Count == 1 ? errors[0].StatusCode : StatusCodes.Status400BadRequest);
    }

    /// <summary>Answers a request that no endpoint at its path accepts, because of its media type or method.</summary>
    /// <param name="context">The request.</param>
    /// <param name="writing">The method that takes a body.</param>
    /// <param name="type">The body's type.</param>
    /// <param name="others">The other methods.</param>
    public static IResult Unfit(HttpContext context, string writing, string type, params ReadOnlySpan<string> others)
    {
        if (context.Request.Method == writing)
            return Errors(PredicateError.UnsupportedMediaType(context.Request.MediaType(), type));
        context.Response.Headers.Allow = string.Join(", ", [writing, .. others]);
        return Errors(PredicateError.Generic(StatusCodes.Status405MethodNotAllowed, "The method is not allowed for the requested URL."));
    }

    public static IResult NoSuchPath() =>
        Errors(PredicateError.Generic(StatusCodes.Status404NotFound, "The requested URL was not found on the server."));

    public static IResult KeyWanted(HttpContext context, Caller caller, string what)
    {
        if (caller.KeyName is not null)
            return Errors(PredicateError.Generic(StatusCodes.Status403Forbidden, $"The key is not valid for {what}: see its Scopes."));
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Errors(
            PredicateError.Generic(
                StatusCodes.Status401Unauthorized,
                caller.HasWrongKey
                    ? "The key is not one of this hub's."
                    : "This needs a key: Authorization: Bearer KEY, with a key of the setting WebSub:Administration:ApiKeys."
            )
        );
    }

    public static IResult TooLarge(long limit) =>
        Errors(PredicateError.Generic(StatusCodes.Status413PayloadTooLarge, $"The body has more than {limit} bytes."));

    /// <summary>The answer to a request whose body was not read.</summary>
    /// <param name="context">The request.</param>
    /// <param name="inTime">False if the body did not arrive in time, or found no room; true if it is too large.</param>
    /// <param name="limit">The most bytes it may have.</param>
    public static IResult NotRead(HttpContext context, bool inTime, long limit) =>
        inTime ? TooLarge(limit) : Later(context, "The body did not arrive in time, or the hub has too many to take in; try again.");

    public static IResult DatabaseAway(HttpContext context) =>
        Later(context, "The hub's database does not answer as it should; try again later.");

    public static IResult TooMany() =>
        Errors(
            PredicateError.Generic(
                StatusCodes.Status429TooManyRequests,
                "Too many requests from this address; Retry-After says when to go on."
            )
        );

    private static IResult Later(HttpContext context, string detail)
    {
        context.Response.Headers.RetryAfter = "5";
        return Errors(PredicateError.Generic(StatusCodes.Status503ServiceUnavailable, detail));
    }

    public static IResult Json(object body, int status = StatusCodes.Status200OK) =>
        new PlainResult(TypedResults.Json(body, Options, "application/json", status));

    public static IResult Json(ReadOnlySpan<byte> body, int status = StatusCodes.Status200OK) =>
        new PlainResult(TypedResults.Text(body, "application/json", status));
}
