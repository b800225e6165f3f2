using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using WebSub.Storage;
using WebSub.Subscriber.Storage;
using WebSub.Work;

namespace WebSub.Subscriber.Callbacks;

/// <summary>
/// The endpoint behind every callback URL. GET is verification and denial, POST is delivery; routing answers other methods with 405.
/// </summary>
internal sealed class CallbackEndpoint(
    VerificationCallback verification,
    DeliveryCallback delivery,
    SubscriptionStore store,
    DatabasePatience patience,
    TimeProvider time,
    ILogger<CallbackEndpoint> logger
)
{
    private readonly FailureLog _failures = new("The callback endpoint", time, logger);

    public const string HandlerParameter = "handler";

    public const string KeyParameter = "key";

    private const int MaxKeyLength = 64;

    public static string[] Methods { get; } = [HttpMethods.Get, HttpMethods.Post];

    public Task InvokeAsync(HttpContext context)
    {
        var handler = (string)context.GetRouteValue(HandlerParameter)!;
        var key = (string)context.GetRouteValue(KeyParameter)!;
        // Keys are hexadecimal; anything else was never one of ours and need not reach the database.
        if (key.Length > MaxKeyLength || !key.All(char.IsAsciiHexDigitLower))
            return CallbackAnswer.WriteAsync(context, StatusCodes.Status404NotFound, "There is no such callback.");
        return GuardAsync(context, () => AnswerAsync(context, handler, key));
    }

    /// <summary>
    /// Answers at the path of a callback URL that a subscription has of its own: it has no key, so the database knows it.
    /// </summary>
    public Task InvokeOwnAsync(HttpContext context, string path) => GuardAsync(context, () => AnswerOwnAsync(context, path));

    private async Task AnswerOwnAsync(HttpContext context, string path)
    {
        if (await store.FindOwnAsync(path, context.RequestAborted) is var (handler, key))
            await AnswerAsync(context, handler, key);
        else
            await CallbackAnswer.WriteAsync(context, StatusCodes.Status404NotFound, "There is no such callback.");
    }

    private Task AnswerAsync(HttpContext context, string handler, string key) =>
        HttpMethods.IsGet(context.Request.Method)
            ? verification.AnswerAsync(context, handler, key)
            : delivery.AnswerAsync(context, handler, key);

    /// <summary>A hub repeats what was answered 503, so nothing is lost while the database is away.</summary>
    private async Task GuardAsync(HttpContext context, Func<Task> answer)
    {
        try
        {
            await patience.RunAsync(
                context,
                async () =>
                {
                    await answer();
                    return true;
                }
            );
        }
        catch (Exception e) when (e is DatabaseException || FailureLog.IsOutage(e))
        {
            _failures.Report(e);
            if (context.Response.HasStarted)
                return;
            context.Response.Headers.RetryAfter = "5";
            await CallbackAnswer.WriteAsync(
                context,
                StatusCodes.Status503ServiceUnavailable,
                "The subscriber's database does not answer as it should; try again later."
            );
        }
    }
}
