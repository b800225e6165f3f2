using WebSub.Hub.Diagnostics;

namespace WebSub.Hub.Predicates;

/// <summary>Handles requests for all endpoints of the predicate API.</summary>
internal sealed class PredicateRequests(ILogger<PredicateRequests> logger)
{
    /// <summary>Runs the handler; an unexpected failure becomes a 500 in the API's form, without internals.</summary>
    public async Task<IResult> AnswerAsync(HttpContext context, Func<HttpContext, Task<IResult>> handler)
    {
        try
        {
            return await handler(context);
        }
        catch (BadHttpRequestException e)
        {
            return PredicateResults.Errors(PredicateError.Generic(e.StatusCode, "The request cannot be read."));
        }
#pragma warning disable CA1031 // The answer has the API's form whatever happened; the log has the rest.
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.PredicateRequestFailed(logger, e, context.Request.Method, context.Request.Path);
            return PredicateResults.Errors(PredicateError.Unexpected());
        }
    }
}
