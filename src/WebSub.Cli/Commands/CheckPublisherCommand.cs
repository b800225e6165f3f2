using System.CommandLine;
using WebSub.Cli.Checking;
using WebSub.Cli.Help;
using WebSub.Conformance.Publisher;
using WebSub.Http;

namespace WebSub.Cli.Commands;

/// <summary><c>websub check publisher URL</c>: whether a resource says what subscribers need, and its hubs hear of changes.</summary>
internal static class CheckPublisherCommand
{
    private static readonly TimeSpan ByHand = TimeSpan.FromMinutes(5);

    public static ToolCommand Create()
    {
        var topic = SharedOptions.Url("URL", "A page, a feed, anything that is published");
        var options = new CheckOptions("publisher", PublisherConformance.Requirements);
        var change = new Option<string?>("--change")
        {
            Description =
                "A shell command that changes the topic (WEBSUB_TOPIC): the check subscribes at its hubs and watches whether "
                + "they hear of it",
            HelpName = "CMD",
        };
        var wait = new Option<bool>("--wait")
        {
            Description = "The same with a change made by hand: it says when, and waits five minutes for the update",
        };
        wait.Validators.Add(result =>
        {
            if (!result.Implicit && result.GetResult(change) is not null)
                result.AddError("--change and --wait exclude each other: the change is made by a command, or by hand.");
        });
        var port = SharedOptions.Port(
            "Where the callbacks of --change listen, and at /hub a hub that shows the pings of a publisher that names it; "
                + "default: a free port"
        );
        var publicUrl = SharedOptions.UrlOption("--public-url", "Where the hubs reach that port; needed for hubs elsewhere");
        var allowPrivate = SharedOptions.AllowPrivate();
        var command = new ToolCommand("publisher", "Check a publisher: what a topic says of its hubs, and whether they hear of a change")
        {
            topic,
            change,
            wait,
            port,
            publicUrl,
            allowPrivate,
            new Example("A feed, without subscribing anywhere", "websub check publisher https://blog.example/feed"),
            new Example(
                "With a change, on this machine",
                "websub check publisher http://localhost:5000/feed --change \"curl -d Hello http://localhost:5000/posts\""
            ),
            new Example(
                "With its pings seen: it names http://localhost:8090/hub as a hub",
                "websub check publisher http://localhost:5000/feed --port 8090 --wait"
            ),
            new Example("With a change by hand", "websub check publisher https://blog.example/feed --wait --public-url https://me.example"),
        };
        options.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var url = parsed.GetRequiredValue(topic);
                var changed = Change(parsed.GetValue(change), parsed.GetValue(wait), url);
                var reachable = parsed.GetValue(publicUrl);
                if (
                    changed is not null
                    && reachable is null
                    && Uri.TryCreate(url, UriKind.Absolute, out var where)
                    && !AddressGuard.IsPrivateHost(where)
                )
                {
                    Report.Complain(
                        $"The hubs of {where.Host} cannot reach the callbacks of this check on this machine's loopback address. "
                            + "Say with --public-url (and --port) where they reach this machine."
                    );
                    return ExitCode.BadUsage;
                }

                var what = new PublisherCheckOptions
                {
                    Topic = url,
                    Change = changed,
                    Port = parsed.GetValue(port) ?? 0,
                    PublicUrl = reachable,
                    AllowPrivateNetworks = Outbound.Options(parsed.GetValue(allowPrivate), [url]).AllowPrivateNetworks,
                    Only = options.Only(parsed),
                };
                if (parsed.GetValue(wait))
                    what = what with { ChangePatience = ByHand };
                return await options.RunAsync(
                    parsed,
                    progress => PublisherConformance.RunAsync(what, progress, cancellationToken),
                    cancellationToken
                );
            }
        );
        return command;
    }

    private static Func<CancellationToken, Task<string?>>? Change(string? command, bool byHand, string topic)
    {
        if (command is not null)
            return cancellationToken => new TopicCommand("--change", command).RunAsync(topic, cancellationToken);
        if (!byHand)
            return null;
        return _ =>
        {
            Report.Note($"subscribed; change {topic} now. The update is awaited for {ByHand.TotalMinutes:0} minutes.");
            return Task.FromResult<string?>(null);
        };
    }
}
