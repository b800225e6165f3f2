using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Predicates;

/// <summary>Handles requests for all endpoints of the predicate API.</summary>
internal sealed class PredicateRequests(DatabasePatience patience, HubNode node, HubClock time, ILogger<PredicateRequests> logger)
{
    private readonly FailureLog _failures = new("The predicate API", time, logger);

    /// <summary>True if the database refused what it was given, rather than being away or called off.</summary>
    public static bool IsRefusal(Exception e) => e is not OperationCanceledException && !IsOutage(e);

    private static bool IsOutage(Exception e) => e is DatabaseException || FailureLog.IsOutage(e);

    /// <summary>
    /// Runs the handler; a database that is away becomes a 503, any other unexpected failure a 500 in the API's form, without internals.
    /// </summary>
    public async Task<IResult> AnswerAsync(HttpContext context, Func<HttpContext, Task<IResult>> handler)
    {
        if (!node.TakesIn)
            return PredicateResults.Errors(PredicateError.Generic(StatusCodes.Status503ServiceUnavailable, HubResults.DeliversOnly));
        try
        {
            return await patience.RunAsync(context, () => handler(context));
        }
        catch (BadHttpRequestException e)
        {
            return PredicateResults.Errors(PredicateError.Generic(e.StatusCode, "The request cannot be read."));
        }
#pragma warning disable CA1031 // The answer has the API's form whatever happened; the log has the rest.
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (IsOutage(e))
            {
                _failures.Report(e);
                return PredicateResults.DatabaseAway(context);
            }

            Log.PredicateRequestFailed(logger, e, context.Request.Method, context.Request.Path);
            return PredicateResults.Errors(PredicateError.Unexpected());
        }
    }
}
