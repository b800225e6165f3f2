using System.Globalization;
using Microsoft.Extensions.Options;
using WebSub.Hub.Access;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Hub.Subscribing;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Streaming;

/// <summary>
/// <c>GET /hub/events?topic=URL</c>: reads a topic's log, as server-sent events or, with <c>Accept: application/json</c>, as a page of
/// history.
/// </summary>
internal sealed class EventsEndpoint(
    IOptions<HubOptions> options,
    OperatorAccess access,
    ReadStore store,
    EventStreams streams,
    EventHistory history,
    DatabasePatience patience,
    HubClock time,
    ILogger<EventsEndpoint> logger
)
{
    private readonly FailureLog _failures = new("The event endpoint", time, logger);
    private readonly OnceAMinute _full = new(time);
    private readonly List<UrlPattern> _open = [.. options.Value.Events.OpenTopics.Select(p => new UrlPattern(p))];

    public async Task<IResult> AnswerAsync(HttpContext context)
    {
        AllowOrigin(context);
        if (HttpMethods.IsOptions(context.Request.Method))
            return TypedResults.NoContent();
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, OPTIONS";
            return HubResults.Text(StatusCodes.Status405MethodNotAllowed, "Topics' logs are read by GET.");
        }

        var query = context.Request.Query;
        if (query["topic"] is not { Count: 1 } topics || topics[0] is not { Length: > 0 } url)
            return HubResults.BadRequest("One topic must be given: ?topic=URL, percent-encoded.");
        if (url.Contains('\0', StringComparison.Ordinal))
            return HubResults.BadRequest("topic must not contain the character U+0000.");
        try
        {
            return !IsOpen(url) && await access.RefuseAsync(context, ApiScope.Read) is { } refusal
                ? refusal
                : await AnswerAsync(context, url);
        }
        catch (Exception e) when (e is DatabaseException || FailureLog.IsOutage(e))
        {
            _failures.Report(e);
            return HubResults.DatabaseAway(context);
        }
    }

    private async Task<IResult> AnswerAsync(HttpContext context, string url)
    {
        var query = context.Request.Query;
        if (!TryReadNumber(query["after"], 0, long.MaxValue, out var after))
            return HubResults.BadRequest("after must be a sequence number.");
        if (!TryReadNumber(query["limit"], 1, EventHistory.MaxItems, out var limit))
            return HubResults.BadRequest($"limit must be a number from 1 to {EventHistory.MaxItems}.");
        return await AnswerAsync(context, url, after, (int)(limit ?? EventHistory.UsualItems));
    }

    private async Task<IResult> AnswerAsync(HttpContext context, string url, long? after, int limit)
    {
        if (await patience.RunAsync(context, () => store.FindAsync(url, context.RequestAborted)) is not { } topic)
            return HubResults.Text(
                StatusCodes.Status404NotFound,
                "This hub does not have that topic: nobody has subscribed to it or published it."
            );
        if (WantsJson(context.Request))
            return await patience.RunAsync(context, () => history.ReadAsync(context, url, topic, after ?? 0, limit));
        if (streams.Enter() is not { } place)
        {
            if (_full.IsDue(out var before))
                Log.EventClientsFull(logger, options.Value.Events.MaxClients, before);
            context.Response.Headers.RetryAfter = "30";
            return HubResults.Text(StatusCodes.Status503ServiceUnavailable, "There are too many event streams; try again later.");
        }

        return new EventStreamResult(streams, place, url, topic, PositionOf(context.Request, after, topic));
    }

    /// <summary>
    /// The header counts more than the query, which a browser repeats as it was when it reconnects. What is no number is the id of another
    /// log: as an unknown one.
    /// </summary>
    private static long PositionOf(HttpRequest request, long? after, ReadTopic topic)
    {
        if (request.Headers["Last-Event-ID"] is not [{ Length: > 0 } last, ..])
            return after ?? topic.Head;
        return long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : long.MaxValue;
    }

    private static bool WantsJson(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return accept.Contains("application/json", StringComparison.OrdinalIgnoreCase)
            && !accept.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryReadNumber(Microsoft.Extensions.Primitives.StringValues values, long least, long most, out long? number)
    {
        number = null;
        if (values.Count == 0)
            return true;
        if (
            values.Count > 1
            || !long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var read)
            || read < least
            || read > most
        )
            return false;
        number = read;
        return true;
    }

    private bool IsOpen(string topic) => options.Value.Events.Access == EventAccess.Open || _open.Exists(p => p.Matches(topic));

    private void AllowOrigin(HttpContext context)
    {
        var allowed = options.Value.Events.AllowedOrigins;
        if (context.Request.Headers.Origin is not [{ Length: > 0 } origin] || allowed.Count == 0)
            return;
        var headers = context.Response.Headers;
        headers.Vary = "Origin";
        if (!allowed.Contains("*", StringComparer.Ordinal) && !allowed.Contains(origin, StringComparer.OrdinalIgnoreCase))
            return;
        headers.AccessControlAllowOrigin = allowed.Contains("*", StringComparer.Ordinal) ? "*" : origin;
        headers.AccessControlAllowMethods = "GET";
        headers.AccessControlAllowHeaders = "Authorization, Last-Event-ID";
        headers.AccessControlMaxAge = "600";
    }
}
