using System.Globalization;
using Microsoft.AspNetCore.Http;
using WebSub.Subscriber.Managing;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Page;

/// <summary>
/// A small page for operators: subscriptions with their states and reasons, and what is in the inbox of each. The callback is left out:
/// whoever has it can send to the subscription.
/// </summary>
internal sealed class SubscriptionsPage(
    SubscriptionStore store,
    InboxStore inbox,
    IWebSubSubscriptions subscriptions,
    CallbackUrls callbacks
)
{
    private const int PageSize = 100;

    /// <summary>The list: <c>?state=…&amp;after=ID</c>.</summary>
    public async Task<IResult> ListAsync(HttpContext context, string root)
    {
        var query = context.Request.Query;
        WebSubSubscriptionState? state = null;
        if (query["state"].ToString() is { Length: > 0 } wanted)
        {
            if (!Enum.TryParse<WebSubSubscriptionState>(wanted, ignoreCase: true, out var known) || !Enum.IsDefined(known))
                return PageWriter.NotThere(context, root, $"There is no state \"{wanted}\".");
            state = known;
        }

        Subscription? after = null;
        if (query["after"].ToString() is { Length: > 0 } last)
        {
            after = Guid.TryParse(last, out var id) ? await store.FindAsync(id, context.RequestAborted) : null;
            if (after is null)
                return PageWriter.NotThere(context, root, $"There is no subscription \"{last}\" to go on after.");
        }

        var counts = await store.CountAsync(context.RequestAborted);
        var kept = await inbox.CountAsync(context.RequestAborted);
        var page = await store.ListAsync(new() { State = state }, after, PageSize, context.RequestAborted);
        var html = new PageWriter("Subscriptions").Raw("<h1>Subscriptions</h1><nav aria-label=\"States\">");
        html.Choice(root, "All", counts.Sum(c => c.Count), state is null);
        foreach (var (name, count) in counts)
            html.Choice($"{root}?state={name}", name, count, state?.ToString() == name);
        html.Raw("</nav><nav aria-label=\"Inbox\">Inbox: ");
        foreach (var (name, count) in kept)
            html.Choice($"{root}/inbox?state={name}", name, count, isChosen: false);
        html.Raw(kept.Count == 0 ? "empty</nav>" : "</nav>");
        html.Raw("<nav aria-label=\"Hubs\">").Link($"{root}/hubs", "Hubs").Raw("</nav>");
        html.Table("State", "Topic", "Hub", "Handler", "Last delivery", "Lease ends");
        foreach (var one in page.Select(callbacks.View))
            Row(html, root, one);
        html.EndTable();
        if (page.Count == 0)
            html.Raw("<p>There is none.</p>");
        if (page.Count == PageSize)
            html.Raw("<p>").Link($"{root}?{(state is null ? "" : $"state={state}&")}after={page[^1].Id}", "The next ones").Raw("</p>");
        return html.Answer(context);
    }

    /// <summary>One subscription, and what is in its inbox.</summary>
    public async Task<IResult> ShowAsync(HttpContext context, string root, Guid id)
    {
        if (await store.FindAsync(id, context.RequestAborted) is not { } found)
            return PageWriter.NotThere(context, root, $"There is no subscription {id}.");
        var s = callbacks.View(found);
        var html = new PageWriter("Subscription").Raw("<nav>").Link(root, "All subscriptions").Raw("</nav><h1>");
        html.Text(s.Topic ?? s.Target.ToString()).Raw("</h1><table><tbody>");
        foreach (var (name, value) in Details(s))
        {
            if (!string.IsNullOrEmpty(value))
                html.Raw("<tr><th scope=\"row\">").Text(name).Raw("</th><td>").Text(value).Raw("</td></tr>");
        }

        html.EndTable().Raw("<p>").Button($"{root}/{s.Id}/renew", "Ask the hub again").Raw("</p><h2>Inbox</h2>");
        var items = await inbox.LatestAsync(id, PageSize, context.RequestAborted);
        InboxPage.Write(html, root, items, isOfOne: true);
        if (items.Count == PageSize)
            html.Raw($"<p><small>The last {PageSize}; <code>websub inbox list</code> shows all.</small></p>");
        return html.Answer(context);
    }

    /// <summary>Asks a hub again.</summary>
    public async Task<IResult> RenewAsync(HttpContext context, string root, Guid id)
    {
        if (await store.FindAsync(id, context.RequestAborted) is null)
            return PageWriter.NotThere(context, root, $"There is no subscription {id}.");
        await subscriptions.RenewAsync(id, context.RequestAborted);
        return PageWriter.Back(context, $"{root}/{id}");
    }

    private static void Row(PageWriter html, string root, WebSubSubscription s)
    {
        html.Raw("<tr>").Cell("State", Kind(s)).Text(s.SilentSince is null ? s.State.ToString() : $"{s.State}, silent").Raw("</td>");
        html.Cell("Topic").Link($"{root}/{s.Id}", s.Topic ?? s.Target.ToString());
        if ((s.Silence ?? s.Reason) is { } reason)
            html.Raw("<br><small>").Text(reason).Raw("</small>");
        html.Raw("</td>").Cell("Hub").Text(s.Hub).Raw("</td>");
        html.Cell("Handler").Text(s.Handler).Raw("</td>");
        html.Cell("Last delivery").Time(s.ReceivedAt).Raw("</td>");
        html.Cell("Lease ends").Time(s.LeaseEnd).Raw("</td></tr>");
    }

    private static string Kind(WebSubSubscription s) =>
        s switch
        {
            { State: WebSubSubscriptionState.Active, SilentSince: null } => "ok",
            { State: WebSubSubscriptionState.Active or WebSubSubscriptionState.Denied or WebSubSubscriptionState.Failed } => "bad",
            _ => "wait",
        };

    private static IEnumerable<(string Name, string? Value)> Details(WebSubSubscription s) =>
        [
            ("State", s.State.ToString()),
            ("Reason", s.Reason),
            ("Hub", s.Hub),
            ("Silent since", PageWriter.TextOf(s.SilentSince)),
            ("Silence", s.Silence),
            ("Handler", s.Handler),
            ("Target", s.Target.ToString()),
            ("Signed", s.IsSigned ? "yes" : "no"),
            ("Request", s.RequestState?.ToString()),
            ("Failed attempts", s.FailedAttempts == 0 ? null : s.FailedAttempts.ToString(CultureInfo.InvariantCulture)),
            ("Lease ends", PageWriter.TextOf(s.LeaseEnd)),
            ("Renewal", PageWriter.TextOf(s.RenewAt)),
            ("Next action", PageWriter.TextOf(s.NextActionAt)),
            ("Deliveries", s.Received.ToString(CultureInfo.InvariantCulture)),
            ("Last delivery", PageWriter.TextOf(s.ReceivedAt)),
            ("Usual pause", PageWriter.TextOf(s.UsualPause)),
            ("Missed", s.Missed == 0 ? null : s.Missed.ToString(CultureInfo.InvariantCulture)),
            ("Created", PageWriter.TextOf(s.CreatedAt)),
            ("Changed", PageWriter.TextOf(s.ChangedAt)),
        ];
}
