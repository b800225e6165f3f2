using System.CommandLine;
using WebSub.Cli.Administration;
using WebSub.Cli.Help;

namespace WebSub.Cli.Commands;

/// <summary><c>websub subscribers</c>: who is subscribed at a hub, and how far behind.</summary>
internal static class SubscribersCommand
{
    private static readonly Column[] Columns =
    [
        new("Id", s => Column.Text(s, "id"), IsWhole: true),
        new("State", s => Column.Text(s, "state")),
        new("Topic", s => Column.Text(s, "topic")),
        new("Callback", s => Column.Text(s, "callback")),
        new("Lag", s => Column.Text(s, "lag")),
        new("Lease ends", s => Column.Time(s, "leaseEnd")),
        new("Last failure", s => Column.Text(s, "lastError")),
    ];

    public static Command Create()
    {
        var hub = new HubOptions();
        var topic = new Option<string?>("--topic") { Description = "Only of this topic, byte for byte", HelpName = "TOPIC" };
        var host = new Option<string?>("--host") { Description = "Only with callbacks on this host", HelpName = "HOST" };
        var state = SharedOptions.Choice<string?>(
            "--state",
            "Only those that have everything, wait for updates, are paused, or whose lease has ended",
            null,
            ("active", "active"),
            ("behind", "behind"),
            ("paused", "paused"),
            ("expired", "expired")
        );
        var command = new ToolCommand("subscribers", "List the subscriptions of a hub, without secrets and the callbacks' queries")
        {
            topic,
            host,
            state,
            new Example("Who follows a topic", "websub subscribers --hub https://hub.example/hub --topic https://blog.example/feed"),
            new Example("Who is behind", "websub subscribers --state behind"),
        };
        hub.AddTo(command, lists: true);
        command.SetAction(
            (parsed, cancellationToken) =>
                hub.ListAsync(
                    parsed,
                    "/subscriptions",
                    [("topic", parsed.GetValue(topic)), ("host", parsed.GetValue(host)), ("state", parsed.GetValue(state))],
                    Columns,
                    cancellationToken
                )
        );
        command.OtherWords = ["subscriptions", "callbacks"];
        return command;
    }
}
