using System.Globalization;
using WebSub.Hub.Access;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Storage;

namespace WebSub.Hub.Predicates;

/// <summary>
/// <c>GET /subscriptions?callback=…</c>: a callback's subscriptions, page by page, for callers with a key and local callers.
/// </summary>
internal sealed class SubscriptionsList(PublisherAccess access, PatternStore patterns, HubClock time)
{
    private const int DefaultPage = 100;
    private const int MaxPage = 1000;

    public async Task<IResult> GetAsync(HttpContext context, string? callback, string? after, string? limit)
    {
        var caller = await access.ReadAsync(context);
        if (!caller.IsAuthorizedByHost && !caller.May(ApiScope.Read))
            return PredicateResults.KeyWanted(context, caller, "reading");
        if (string.IsNullOrEmpty(callback))
            return PredicateResults.Errors(PredicateError.MissingAttributes(["callback"]));
        var size = DefaultPage;
        if (
            limit is not null
            && !(int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out size) && size is >= 1 and <= MaxPage)
        )
        {
            return PredicateResults.Errors(
                PredicateError.Generic(StatusCodes.Status400BadRequest, $"limit must be a whole number from 1 to {MaxPage}.")
            );
        }

        // Reading one more than the page shows whether there is another.
        var rows = await patterns.ListAsync(
            Storable(callback),
            after is null ? null : Storable(after),
            size + 1,
            DatabaseTime.Now(time),
            context.RequestAborted
        );
        var page = rows.Take(size).ToList();
        var next =
            rows.Count > size
                ? new HubFields().Add("callback", callback).Add("limit", (long)size).Add("after", page[^1].Pattern).ToString()
                : null;
        return PredicateResults.Json(
            new SubscriptionsPage(
                [.. page.Select(p => new SubscriptionItem(p.Topic, p.LeaseSeconds, p.LeaseEnd.ToMoment(), p.Secret is not null))],
                next is null ? null : $"{context.Request.PathBase}{context.Request.Path}?{next}"
            )
        );
    }

    // PostgreSQL cannot store it, so nothing stored contains it.
    private static string Storable(string text) => text.Replace('\0', ' ');
}
