using System.CommandLine;
using System.Text.Json;
using WebSub.Cli.Administration;
using WebSub.Cli.Help;
using WebSub.Cli.Terminal;

namespace WebSub.Cli.Commands;

/// <summary><c>websub explain TOPIC --callback URL</c>: why a subscriber did or did not get an update.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var hub = new HubOptions();
        var topic = new Argument<string>("TOPIC") { Description = "The topic, byte for byte as it was subscribed to" };
        var callback = SharedOptions.UrlOption("--callback", "The subscriber's callback, with its query");
        callback.Required = true;
        var update = new Option<string?>("--update")
        {
            Description = "The update: its delivery id, or its number; by default the newest",
            HelpName = "ID",
        };
        var command = new ToolCommand("explain", "Say why a subscriber did or did not get an update of a topic")
        {
            topic,
            callback,
            update,
            new Example(
                "Why did it not come?",
                "websub explain https://blog.example/feed --callback https://app.example/websub/news/k3y --hub https://hub.example/hub"
            ),
        };
        hub.AddTo(command, lists: false);
        command.SetAction(
            (parsed, cancellationToken) =>
                hub.WithApiAsync(
                    parsed,
                    async api =>
                    {
                        var asking = api.ExplainAsync(
                            parsed.GetRequiredValue(topic),
                            parsed.GetRequiredValue(callback)!,
                            parsed.GetValue(update),
                            cancellationToken
                        );
                        var story = await Waiting.ForAsync(asking, api.Url, cancellationToken);
                        new Report(parsed.GetValue(SharedOptions.Json)).Write(Lines(story), story);
                        return ExitCode.Done;
                    }
                )
        );
        command.OtherWords = ["why", "trace"];
        return command;
    }

    /// <summary>The answer in a sentence, then what it follows from, in lines that fit the terminal.</summary>
    private static List<string> Lines(JsonElement story)
    {
        List<string> lines = [$"{Column.Text(story, "verdict")}: {Column.Text(story, "summary")}"];
        if (story.TryGetProperty("steps", out var steps) && steps.ValueKind == JsonValueKind.Array)
            lines.AddRange(steps.EnumerateArray().Select(s => $"- {Column.Text(s, "sentence")}"));
        return [.. lines.SelectMany(l => Screen.Wrap(l, Screen.TerminalWidth))];
    }
}
