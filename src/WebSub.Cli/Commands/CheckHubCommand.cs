using System.CommandLine;
using WebSub.Cli.Checking;
using WebSub.Cli.Help;
using WebSub.Conformance.Hub;
using WebSub.Http;

namespace WebSub.Cli.Commands;

/// <summary><c>websub check hub URL</c>: whether a hub does what the Recommendation asks, requirement by requirement.</summary>
internal static class CheckHubCommand
{
    public static ToolCommand Create()
    {
        var hub = SharedOptions.Url("URL", "The hub");
        var options = new CheckOptions("hub", HubConformance.Requirements);
        var isLong = new Option<bool>("--long")
        {
            Description = "Also run the checks that wait for retries and for a lease to end: up to ten minutes",
        };
        var port = SharedOptions.Port("Where the check's topics and callbacks listen; default: a free port");
        var publicUrl = SharedOptions.UrlOption("--public-url", "Where the hub reaches that port; needed for a hub elsewhere");
        var apiKey = SharedOptions.ApiKey();
        var allowPrivate = SharedOptions.AllowPrivate();
        var command = new ToolCommand("hub", "Check a hub: it is asked for subscriptions, told of updates, and given trouble")
        {
            hub,
            isLong,
            port,
            publicUrl,
            apiKey,
            allowPrivate,
            new Example("A hub on this machine", "websub check hub http://localhost:5080/hub"),
            new Example(
                "A report to read, and one for the build server",
                "websub check hub http://localhost:5080/hub --report hub.html --report hub.xml"
            ),
            new Example("A hub elsewhere", "websub check hub https://hub.example/ --public-url https://me.example --port 8080"),
        };
        options.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var url = parsed.GetRequiredValue(hub);
                var reachable = parsed.GetValue(publicUrl);
                if (reachable is null && Uri.TryCreate(url, UriKind.Absolute, out var where) && !AddressGuard.IsPrivateHost(where))
                {
                    Report.Complain(
                        $"{where.Host} cannot reach the topics and callbacks of this check on this machine's loopback address. "
                            + "Say with --public-url (and --port) where it reaches this machine."
                    );
                    return ExitCode.BadUsage;
                }

                var outbound = Outbound.Options(parsed.GetValue(allowPrivate), [url]);
                if (parsed.GetValue(apiKey) is not null)
                    Outbound.WarnOfPlainHttp(url);
                var what = new HubCheckOptions
                {
                    Hub = url,
                    ApiKey = parsed.GetValue(apiKey),
                    Port = parsed.GetValue(port) ?? 0,
                    PublicUrl = reachable,
                    AllowPrivateNetworks = outbound.AllowPrivateNetworks,
                    IncludeLong = parsed.GetValue(isLong),
                    Only = options.Only(parsed),
                };
                return await options.RunAsync(
                    parsed,
                    progress => HubConformance.RunAsync(what, progress, cancellationToken),
                    cancellationToken
                );
            }
        );
        return command;
    }
}
