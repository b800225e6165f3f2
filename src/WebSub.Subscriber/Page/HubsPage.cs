using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace WebSub.Subscriber.Page;

/// <summary>The hubs, those in trouble first.</summary>
internal sealed class HubsPage(IWebSubSubscriptions subscriptions)
{
    public async Task<IResult> ListAsync(HttpContext context, string root)
    {
        var hubs = await subscriptions.ListHubsAsync(context.RequestAborted);
        var html = new PageWriter("Hubs").Raw("<nav>").Link(root, "All subscriptions").Raw("</nav><h1>Hubs</h1>");
        if (hubs.Count == 0)
            return html.Raw("<p>There is no active subscription.</p>").Answer(context);
        html.Table("State", "Hub", "Subscriptions", "Silent since", "Last delivery", "Usual pause", "Deliveries", "Missed");
        foreach (var hub in hubs)
            Row(html, hub);
        return html.EndTable().Answer(context);
    }

    private static void Row(PageWriter html, WebSubHubHealth hub)
    {
        html.Raw("<tr>").Cell("State", hub.State == WebSubHubState.Delivering ? "ok" : "bad").Text(Words(hub)).Raw("</td>");
        html.Cell("Hub").Text(hub.Hub).Raw("</td>");
        html.Cell("Subscriptions").Text(Number(hub.Subscriptions)).Raw("</td>");
        html.Cell("Silent since").Time(hub.SilentSince).Raw("</td>");
        html.Cell("Last delivery").Time(hub.ReceivedAt).Raw("</td>");
        html.Cell("Usual pause").Text(PageWriter.TextOf(hub.UsualPause)).Raw("</td>");
        html.Cell("Deliveries").Text(Number(hub.Received)).Raw("</td>");
        html.Cell("Missed").Text(Number(hub.Missed)).Raw("</td></tr>");
    }

    private static string Words(WebSubHubHealth hub) =>
        hub.State switch
        {
            WebSubHubState.Delivering => "Delivering",
            WebSubHubState.PartlySilent => $"Silent for {Number(hub.Silent)}",
            _ => "Silent",
        };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
