using WebSub.Discovery;
using WebSub.Http;

namespace WebSub.Cli.Listening;

/// <summary>Finds topic and hubs of what was typed, and tells of them, or why there are none.</summary>
internal sealed class ListenDiscovery(ListenSettings settings, ListenPrinter printer, TimeProvider time)
{
    private const string WayOut = "If you know its hub, name it with --hub: then the resource is not asked.";

    /// <summary>What was found; null after saying what is wrong.</summary>
    public async Task<DiscoveryResult?> FindAsync(OutboundOptions outbound, CancellationToken cancellationToken)
    {
        using var http = OutboundHttp.CreateClient(outbound);
        var found = await Terminal.Waiting.ForAsync(
            new TopicDiscovery(http, time).DiscoverAsync(settings.Url, options: null, cancellationToken),
            settings.Url,
            cancellationToken
        );
        if (!found.IsSuccess)
        {
            printer.Fail(settings.Url, await new DiscoveryAdvice(http, time, WayOut).ExplainAsync(found, cancellationToken));
            return null;
        }

        IReadOnlyList<string> hubs = [.. found.Hubs.Select(h => h.Url)];
        printer.Write(
            new()
            {
                Event = EventName.Discovered,
                Topic = found.Self!.Url,
                At = time.GetUtcNow(),
                Resource = settings.Url,
                Hubs = hubs,
                ContentType = found.ContentType,
            },
            $"{found.Self.Url} at {string.Join(" and ", hubs)}"
        );
        return found;
    }
}
