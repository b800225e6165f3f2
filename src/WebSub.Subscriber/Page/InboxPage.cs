using System.Globalization;
using Microsoft.AspNetCore.Http;
using WebSub.Subscriber.Managing;
using WebSub.Subscriber.Storage;

namespace WebSub.Subscriber.Page;

/// <summary>What is in the inbox, of all subscriptions: first of all, what is parked.</summary>
internal sealed class InboxPage(InboxStore inbox, InboxManager manager)
{
    private const int PageSize = 100;

    /// <summary>The list, oldest first: <c>?state=…&amp;after=NUMBER</c>.</summary>
    public async Task<IResult> ListAsync(HttpContext context, string root)
    {
        var query = context.Request.Query;
        WebSubInboxState? state = null;
        if (query["state"].ToString() is { Length: > 0 } wanted)
        {
            if (!Enum.TryParse<WebSubInboxState>(wanted, ignoreCase: true, out var known) || !Enum.IsDefined(known))
                return PageWriter.NotThere(context, root, $"There is no state \"{wanted}\".");
            state = known;
        }

        var after = 0L;
        if (
            query["after"].ToString() is { Length: > 0 } last
            && !long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out after)
        )
            return PageWriter.NotThere(context, root, $"\"{last}\" is no number to go on after.");

        var kept = await inbox.CountAsync(context.RequestAborted);
        var items = await inbox.ListAsync(null, state?.ToString(), after, PageSize, context.RequestAborted);
        var html = new PageWriter("Inbox").Raw("<nav>").Link(root, "All subscriptions");
        html.Raw("</nav><h1>Inbox</h1><nav aria-label=\"States\">");
        html.Choice($"{root}/inbox", "All", kept.Sum(k => k.Count), state is null);
        foreach (var (name, count) in kept)
            html.Choice($"{root}/inbox?state={name}", name, count, state?.ToString() == name);
        html.Raw("</nav>");
        Write(html, root, items, isOfOne: false);
        if (items.Count == PageSize)
        {
            var next = items[^1].Id.ToString(CultureInfo.InvariantCulture);
            html.Raw("<p>").Link($"{root}/inbox?{(state is null ? "" : $"state={state}&")}after={next}", "The next ones").Raw("</p>");
        }

        return html.Answer(context);
    }

    /// <summary>Queues a notification again.</summary>
    public async Task<IResult> ReplayAsync(HttpContext context, string root, long id)
    {
        if (await inbox.FindAsync(id, context.RequestAborted) is not { } item)
            return PageWriter.NotThere(context, root, $"There is no notification {id}.");
        await manager.ReplayAsync([id], context.RequestAborted);
        return PageWriter.Back(context, $"{root}/{item.SubscriptionId}");
    }

    /// <summary>A table of notifications, each with a button that replays it.</summary>
    /// <param name="html">The page.</param>
    /// <param name="root">Where the page is.</param>
    /// <param name="items">The notifications.</param>
    /// <param name="isOfOne">True if all are of one subscription, which the page names.</param>
    public static void Write(PageWriter html, string root, IReadOnlyList<InboxItemRow> items, bool isOfOne)
    {
        if (items.Count == 0)
        {
            html.Raw("<p>Nothing is kept.</p>");
            return;
        }

        html.Table(["Number", .. isOfOne ? (string[])[] : ["Topic"], "State", "Received", "Bytes", "Attempts", "Last error", ""]);
        foreach (var item in items)
        {
            html.Raw("<tr>").Cell("Number").Text(item.Id.ToString(CultureInfo.InvariantCulture)).Raw("</td>");
            if (!isOfOne)
                html.Cell("Topic").Link($"{root}/{item.SubscriptionId}", item.Topic).Raw("</td>");
            html.Cell("State", item.State == InboxState.Parked ? "bad" : null).Text(item.State).Raw("</td>");
            html.Cell("Received").Time(item.ReceivedAt.ToMoment()).Raw("</td>");
            html.Cell("Bytes").Text(item.Length.ToString(CultureInfo.InvariantCulture)).Raw("</td>");
            html.Cell("Attempts").Text(item.Attempts.ToString(CultureInfo.InvariantCulture)).Raw("</td>");
            html.Cell("Last error").Text(item.LastError).Raw("</td>").Raw("<td>");
            if (item.State != InboxState.Waiting)
                html.Button($"{root}/inbox/{item.Id.ToString(CultureInfo.InvariantCulture)}/replay", "Replay");
            html.Raw("</td></tr>");
        }

        html.EndTable();
    }
}
