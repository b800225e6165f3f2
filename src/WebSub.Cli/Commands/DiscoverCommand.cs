using System.CommandLine;
using WebSub.Cli.Help;
using WebSub.Cli.Terminal;
using WebSub.Discovery;

namespace WebSub.Cli.Commands;

/// <summary><c>websub discover URL</c>: hubs, self, where each was found, redirects followed (§4).</summary>
internal static class DiscoverCommand
{
    public static Command Create()
    {
        var url = SharedOptions.Url("URL", "The resource: a page, a feed, anything with links to its hub");
        var accept = new Option<string?>("--accept")
        {
            Description = "The Accept header, for resources with several representations",
            HelpName = "TYPES",
        };
        var acceptLanguage = new Option<string?>("--accept-language") { Description = "The Accept-Language header", HelpName = "TAGS" };
        var headFirst = new Option<bool>("--head") { Description = "Ask with HEAD first, with GET only if that has no links" };
        var allowPrivate = SharedOptions.AllowPrivate();
        var command = new ToolCommand("discover", "Show the hubs and the topic of a resource")
        {
            url,
            accept,
            acceptLanguage,
            headFirst,
            allowPrivate,
            new Example("What hub and topic a page has", "websub discover https://blog.example/"),
            new Example(
                "The feed of a page that has several representations",
                "websub discover https://blog.example/ --accept application/atom+xml"
            ),
            new Example("The topic alone, for a script", "websub discover https://blog.example/ --json | jq -r .self.url"),
        };
        command.OtherWords = ["info", "inspect", "find", "show"];
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var resource = parsed.GetRequiredValue(url);
                using var http = Outbound.CreateClient(parsed.GetValue(allowPrivate), [resource]);
                var options = new DiscoveryOptions
                {
                    Accept = parsed.GetValue(accept),
                    AcceptLanguage = parsed.GetValue(acceptLanguage),
                    HeadFirst = parsed.GetValue(headFirst),
                };
                var found = await Waiting.ForAsync(
                    new TopicDiscovery(http).DiscoverAsync(resource, options, cancellationToken),
                    resource,
                    cancellationToken
                );
                var reason = found.IsSuccess
                    ? found.Explanation
                    : await new DiscoveryAdvice(http, TimeProvider.System, wayOut: "").ExplainAsync(found, cancellationToken);

                new Report(parsed.GetValue(SharedOptions.Json)).Write(
                    Lines(found),
                    new
                    {
                        url = resource,
                        found.IsSuccess,
                        found.Error,
                        Explanation = reason,
                        found.Self,
                        found.Hubs,
                        found.Visited,
                        found.ContentType,
                    }
                );
                if (!found.IsSuccess)
                    Report.Complain(reason);
                return found.IsSuccess ? ExitCode.Done : ExitCode.Failed;
            }
        );
        return command;
    }

    private static IEnumerable<string> Lines(DiscoveryResult found)
    {
        if (found.Self is { } self)
            yield return Line("self", self);
        foreach (var hub in found.Hubs)
            yield return Line("hub", hub);
        foreach (var (from, to) in found.Visited.Zip(found.Visited.Skip(1)).Where(hop => hop.First != hop.Second))
        {
            yield return $"redirect  {from}";
            yield return $"       to {to}";
        }

        if (found.ContentType is { } type)
            yield return $"type      {type}";
    }

    private static string Line(string relation, DiscoveredLink link) => $"{relation.PadRight(10)}{link.Url}  ({Where(link.Source)})";

    private static string Where(LinkSource source) =>
        source switch
        {
            LinkSource.LinkHeader => "Link header",
            LinkSource.Html => "HTML head",
            LinkSource.Atom => "Atom feed",
            _ => "RSS channel",
        };
}
