using System.CommandLine;
using WebSub.Cli.Checking;
using WebSub.Cli.Help;
using WebSub.Conformance.Subscriber;

namespace WebSub.Cli.Commands;

/// <summary><c>websub check subscriber</c>: whether a subscriber does what the Recommendation asks, requirement by requirement.</summary>
internal static class CheckSubscriberCommand
{
    private static readonly TimeSpan ByHand = TimeSpan.FromMinutes(10);

    public static ToolCommand Create()
    {
        var options = new CheckOptions("subscriber", SubscriberConformance.Requirements);
        var trigger = Command("--trigger", "A shell command that has the subscriber subscribe to {topic}; it may run until the end");
        var unsubscribe = Command(
            "--unsubscribe",
            "One that ends the subscription to {topic}; without it, what comes after is not checked"
        );
        var received = Command(
            "--received",
            "One that prints what the subscriber has received; shows whether it ignores forgeries that it answers 200"
        );
        var isLong = new Option<bool>("--long") { Description = "Also grant a lease of two minutes, and wait for its renewal" };
        var port = SharedOptions.Port("Where the check's topics and hub listen; default: a free port");
        var publicUrl = SharedOptions.UrlOption("--public-url", "Where the subscriber reaches that port; needed for one elsewhere");
        var allowPrivate = SharedOptions.AllowPrivate("With --public-url: let callbacks be at private and loopback addresses");
        var command = new ToolCommand(
            "subscriber",
            "Check a subscriber: it is given topics and a hub that tell it the truth, and some that do not"
        )
        {
            trigger,
            unsubscribe,
            received,
            isLong,
            port,
            publicUrl,
            allowPrivate,
            new Example("By hand: it prints topics, and waits ten minutes for you", "websub check subscriber"),
            new Example(
                "An app on this machine with an address for subscriptions",
                "websub check subscriber --trigger \"./subscribe.sh {topic}\""
            ),
            new Example(
                "A subscriber elsewhere",
                "websub check subscriber --public-url https://me.example --port 8080 --report subscriber.html"
            ),
        };
        options.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var (begin, end, list) = (parsed.GetValue(trigger), parsed.GetValue(unsubscribe), parsed.GetValue(received));
                var reachable = parsed.GetValue(publicUrl);
                var what = new SubscriberCheckOptions
                {
                    Subscribe = begin is null ? AskFor : new TopicCommand("--trigger", begin).RunAsync,
                    Unsubscribe = end is null ? null : new TopicCommand("--unsubscribe", end).RunAsync,
                    Received = list is null ? null : new TopicCommand("--received", list).ReadAsync,
                    Port = parsed.GetValue(port) ?? 0,
                    PublicUrl = reachable,
                    AllowPrivateNetworks = reachable is null || parsed.GetValue(allowPrivate),
                    IncludeLong = parsed.GetValue(isLong),
                    Only = options.Only(parsed),
                };
                if (begin is null)
                {
                    Report.Note(
                        "have your subscriber subscribe to each of these topics, in any order; "
                            + $"each is awaited for {ByHand.TotalMinutes:0} minutes."
                    );
                    what = what with { SubscribePatience = ByHand };
                }

                return await options.RunAsync(
                    parsed,
                    progress => SubscriberConformance.RunAsync(what, progress, cancellationToken),
                    cancellationToken
                );
            }
        );
        return command;
    }

    private static Option<string?> Command(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "CMD" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(t => string.IsNullOrWhiteSpace(t.Value)))
                result.AddError($"{name} is empty.");
        });
        return option;
    }

    private static Task<string?> AskFor(string topic, CancellationToken cancellationToken)
    {
        Report.Note($"subscribe to {topic}");
        return Task.FromResult<string?>(null);
    }
}
