using System.CommandLine;
using WebSub.Cli.Administration;
using WebSub.Cli.Help;

namespace WebSub.Cli.Commands;

/// <summary><c>websub topics</c>: what a hub knows of its topics.</summary>
internal static class TopicsCommand
{
    private static readonly Column[] Columns =
    [
        new("Id", t => Column.Text(t, "id"), IsWhole: true),
        new("Topic", t => Column.Text(t, "url")),
        new("Newest", t => Column.Text(t, "head")),
        new("Subscribers", t => Column.Text(t, "subscriptions")),
        new("Fetched", t => Column.Time(t, "fetchedAt")),
        new("Remarks", Remarks),
    ];

    public static Command Create()
    {
        var hub = new HubOptions();
        var url = new Option<string?>("--topic") { Description = "Only this topic, byte for byte", HelpName = "TOPIC" };
        var command = new ToolCommand("topics", "List the topics of a hub")
        {
            url,
            new Example("All topics of a hub on this machine", "websub topics"),
            new Example("Those that cannot be fetched", "websub topics --hub https://hub.example/hub --json | jq -c 'select(.fetchError)'"),
        };
        hub.AddTo(command, lists: true);
        command.SetAction(
            (parsed, cancellationToken) => hub.ListAsync(parsed, "/topics", [("url", parsed.GetValue(url))], Columns, cancellationToken)
        );
        return command;
    }

    private static string Remarks(System.Text.Json.JsonElement topic) =>
        string.Join(
            "; ",
            new[]
            {
                Column.IsTrue(topic, "isPaused") ? "paused" : null,
                Column.IsTrue(topic, "isRegistered") ? "registered" : null,
                Column.Text(topic, "fetchError"),
            }.OfType<string>()
        );
}
