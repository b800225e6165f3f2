using System.CommandLine;
using WebSub.Subscriber.Handlers;
using WebSub.Subscriber.Managing;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub subscribe RESOURCE</c>: adds a subscription, or asks again for one that has ended.</summary>
internal static class SubscribeCommand
{
    public static Command Create(CommandContext context)
    {
        var resource = new Argument<string?>("RESOURCE")
        {
            Description = "The resource, whose hub and topic are discovered",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var topic = new Option<string?>("--topic") { Description = "The topic, in place of a resource", HelpName = "TOPIC" };
        var hub = new Option<string?>("--hub") { Description = "The hub of the topic (default: DefaultHub)", HelpName = "URL" };
        var handler = new Option<string?>("--handler") { Description = "Its handler (default: the only one)", HelpName = "NAME" };
        var lease = new Option<long?>("--lease") { Description = "The lease to ask for", HelpName = "SECONDS" };
        var allHubs = new Option<bool>("--all-hubs") { Description = "At every hub that discovery finds" };
        var follow = new FollowUp(context);
        var command = new Command("subscribe", "Add a subscription, or ask again for one that has ended")
        {
            resource,
            topic,
            hub,
            handler,
            lease,
            allHubs,
        };
        follow.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(resource) is null == result.GetValue(topic) is null)
                result.AddError("Name either a RESOURCE or a --topic.");
            if (result.GetValue(hub) is not null && result.GetValue(topic) is null)
                result.AddError("--hub goes with --topic; the hub of a resource is discovered.");
        });
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var target = parsed.GetValue(resource) is { } url
                    ? WebSubTarget.Resource(url)
                    : WebSubTarget.Topic(parsed.GetValue(topic)!, parsed.GetValue(hub));
                var (seconds, isEverywhere) = (parsed.GetValue(lease), parsed.GetValue(allHubs));
                var subscription = await context.Subscriptions.SubscribeAsync(
                    target,
                    parsed.GetValue(handler) ?? OnlyOne(context.Get<HandlerRegistry>()),
                    seconds is null && !isEverywhere ? null : new() { LeaseSeconds = seconds, AllHubs = isEverywhere },
                    cancellationToken
                );
                return await follow.ShowAsync(parsed, [subscription.Id], "subscribed", cancellationToken);
            }
        );
        return command;
    }

    private static string OnlyOne(HandlerRegistry handlers) =>
        handlers.Names.ToList() is [var one]
            ? one
            : throw new ManagementException($"This app has the handlers {string.Join(", ", handlers.Names)}; say which with --handler.");
}
