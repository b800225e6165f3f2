using System.CommandLine;
using WebSub.Cli.Administration;
using WebSub.Cli.Help;

namespace WebSub.Cli.Commands;

/// <summary><c>websub replay SUBSCRIPTION</c>: sends a subscriber updates of the past once more.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var hub = new HubOptions();
        var id = new Argument<string>("SUBSCRIPTION") { Description = "The subscription's id, as websub subscribers shows it" };
        var from = SharedOptions.Number("--from", "The number of the first update", "N", 1);
        from.Required = true;
        var to = SharedOptions.Number("--to", "The number of the last one. Default: the newest there is now", "N", 1);
        var reason = DeadLettersCommand.Reason();
        var command = new ToolCommand("replay", "Send a subscriber updates of the past once more")
        {
            id,
            from,
            to,
            reason,
            new Example("Updates 120 to 130 once more", "websub replay ID --from 120 --to 130 --hub https://hub.example/hub"),
        };
        hub.AddTo(command, lists: false);
        command.SetAction(
            (parsed, cancellationToken) =>
                hub.ActAsync(
                    parsed,
                    $"/subscriptions/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/replay",
                    new
                    {
                        From = parsed.GetValue(from),
                        To = parsed.GetValue(to),
                        Reason = parsed.GetValue(reason),
                    },
                    "subscriptions with updates to send",
                    cancellationToken
                )
        );
        return command;
    }
}
