using System.CommandLine;
using WebSub.Cli.Help;
using WebSub.Cli.Listening;
using WebSub.Hosting;
using WebSub.Subscriber;
using WebSub.Values;

namespace WebSub.Cli.Commands;

/// <summary><c>websub listen URL</c>: subscribes, prints each update until Ctrl-C or so many of them, then unsubscribes.</summary>
internal static class ListenCommand
{
    public const string Name = "listen";

    private const string Auto = "auto";
    private const string None = "none";

    public static Command Create()
    {
        var url = new Argument<string>("URL")
        {
            Description = "The page or feed to follow; with --hub, the topic as that hub knows it",
            HelpName = "URL",
        };
        var hub = SharedOptions.UrlOption("--hub", "Subscribe at this hub. Default: what the resource advertises");
        var port = SharedOptions.Port("Listen on this port. Default: that of --public-url, else a free one");
        var publicUrl = new Option<string?>("--public-url")
        {
            Description =
                "Where hubs reach the port; listens on all addresses then, not only on loopback. auto: the tunnel of ngrok, "
                + "cloudflared or dev tunnels on this machine",
            HelpName = "URL|auto",
            CustomParser = SharedOptions.Single(text =>
                text == TunnelAddress.Auto ? (text, null) : SharedOptions.CheckUrl(text, "--public-url")
            ),
        };
        publicUrl.CompletionSources.Add(TunnelAddress.Auto);
        var secret = new Option<string?>("--secret")
        {
            Description = "Signs deliveries: a text, none, or auto (a random one, unless the hub is reached by plain http)",
            HelpName = "S|auto|none",
        };
        var verify = SharedOptions.Choice(
            "--verify",
            "What hub.verify says, for hubs of PubSubHubbub 0.3: async (the default), sync, or none to leave it out",
            WebSubVerify.Async,
            ("async", WebSubVerify.Async),
            ("sync", WebSubVerify.Sync),
            ("none", WebSubVerify.None)
        );
        var lease = SharedOptions.Number("--lease", "The lease to ask for; the hub decides", "SECONDS", 1);
        var count = SharedOptions.Number("--count", "End after so many updates", "N", 1);
        var exec = new Option<string?>("--exec")
        {
            Description =
                "Run this for each update: body on stdin, WEBSUB_TOPIC, WEBSUB_CONTENT_TYPE, WEBSUB_DELIVERY_ID, … in the environment",
            HelpName = "CMD",
        };
        var forward = SharedOptions.UrlOption("--forward", "POST each update on to this URL");
        var save = new Option<string?>("--save") { Description = "Write each update to a separate file in this folder", HelpName = "DIR" };
        var database = new Option<string?>("--database")
        {
            Description = "Remember the subscription here and resume it next time. Default: nothing is kept",
            HelpName = "FILE",
        };
        var filter = new Option<string?>("--filter")
        {
            Description =
                "Only these updates, for every target: JSON in which a JSONPath ($…) finds something, or feeds with a changed "
                + "entry that has TEXT in its title",
            HelpName = "$PATH|TEXT",
        };
        var stream = new Option<bool>("--stream")
        {
            Description = "Read the hub's event stream instead of subscribing: needs no public address, works with hubs of this project",
        };
        var after = SharedOptions.Number("--after", "With --stream: begin behind update no. N; 0 is all that the hub keeps", "N", 0);
        var apiKey = SharedOptions.ApiKey();
        var allowPrivate = SharedOptions.AllowPrivate();
        var command = new ToolCommand(Name, "Subscribe, print each update until Ctrl-C, unsubscribe")
        {
            url,
            hub,
            port,
            publicUrl,
            secret,
            verify,
            lease,
            count,
            exec,
            forward,
            save,
            database,
            filter,
            stream,
            after,
            apiKey,
            allowPrivate,
            new Example(
                "Follow a blog, through a tunnel to port 8080",
                "websub listen https://blog.example/ --port 8080 --public-url https://tunnel.example"
            ),
            new Example("Follow a topic of a hub on this machine", "websub listen http://localhost/news --hub http://localhost:5080/hub"),
            new Example("Wait for the next update, and keep it", "websub listen https://blog.example/ --count 1 --save updates"),
            new Example("Run a command for each update", "websub listen https://blog.example/ --exec 'notify-send \"$WEBSUB_TOPIC\"'"),
            new Example(
                "Pass updates on to an app under development",
                "websub listen https://blog.example/ --forward http://localhost:5000/hook"
            ),
        };
        command.OtherWords = ["subscribe", "sub", "follow", "watch", "receive"];
        command.SetAction(
            async (parsed, _) =>
            {
                var text = parsed.GetValue(secret) ?? Auto;
                string? fault = null;
                var settings = new ListenSettings
                {
                    Url = parsed.GetRequiredValue(url),
                    Hub = parsed.GetValue(hub),
                    Port = parsed.GetValue(port),
                    PublicUrl = parsed.GetValue(publicUrl),
                    Secret = text is Auto or None ? null : text,
                    Signature = text == None ? WebSubSignaturePolicy.Never : WebSubSignaturePolicy.Auto,
                    Verify = parsed.GetValue(verify),
                    LeaseSeconds = parsed.GetValue(lease),
                    Count = parsed.GetValue(count),
                    Exec = parsed.GetValue(exec),
                    Forward = parsed.GetValue(forward),
                    Save = parsed.GetValue(save),
                    Database = parsed.GetValue(database),
                    Filter = parsed.GetValue(filter) is { } wanted ? UpdateFilter.Create(wanted, out fault) : null,
                    After = parsed.GetValue(after),
                    ApiKey = parsed.GetValue(apiKey),
                    Verbose = parsed.GetValue(SharedOptions.Verbose),
                    AllowPrivate = parsed.GetValue(allowPrivate),
                    Json = parsed.GetValue(SharedOptions.Json),
                };
                var isStream = parsed.GetValue(stream);
                // A page that is followed may name any hub: a key that nobody typed for it stays here.
                if (!isStream && settings.Hub is null && parsed.GetResult(apiKey) is not { Implicit: false })
                    settings = settings with { ApiKey = null };
                fault ??=
                    isStream ? CheckStream(parsed, [port, publicUrl, secret, verify, lease, database])
                    : settings.After is not null ? "--after goes with --stream."
                    : null;
                fault ??= FindFault(settings);
                if (fault is not null)
                {
                    Report.Complain($"{fault} See websub {Name} --help.");
                    return ExitCode.BadUsage;
                }

                using var interruption = new Interruption(TimeProvider.System);
                if (isStream)
                    return await new StreamRun(settings, TimeProvider.System).RunAsync(interruption.Token);
                return await TunnelAddress.FindAsync(settings, interruption.Token) is { } reachable
                    ? await new ListenRun(reachable, TimeProvider.System).RunAsync(interruption.Token)
                    : ExitCode.Failed;
            }
        );
        return command;
    }

    private static string? CheckStream(ParseResult parsed, IEnumerable<Option> ofSubscriptions) =>
        ofSubscriptions.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } option
            ? $"{option.Name} is for a subscription; --stream makes none."
            : null;

    private static string? FindFault(ListenSettings settings)
    {
        if (CheckTopic(settings.Url, settings.Hub) is { } fault)
            return fault;
        if (settings.Secret is "")
            return "--secret is empty; --secret none subscribes without one.";
        if (settings.Secret is { } secret && !Secret.TryParse(secret, out _, out fault))
            return $"--secret {fault}.";
        if (settings.PublicUrl is { } publicUrl and not TunnelAddress.Auto && publicUrl.AsSpan().ContainsAny('?', '#'))
            return $"--public-url \"{publicUrl}\" has a query or a fragment; it is the start of the callback.";
        if (settings.Exec is { } command && string.IsNullOrWhiteSpace(command))
            return "--exec is empty.";
        if (settings.Save is { } folder && string.IsNullOrWhiteSpace(folder))
            return "--save is empty.";
        return settings.Database is { } database && string.IsNullOrWhiteSpace(database) ? "--database is empty." : null;
    }

    // A hub may know a topic by any name; only without one is it a URL to ask.
    private static string? CheckTopic(string text, string? hub)
    {
        if (hub is null)
            return SharedOptions.CheckUrl(text, "URL").Error;
        return text.Length == 0 || text.Any(char.IsControl) ? "The topic is empty or has a control character." : null;
    }
}
