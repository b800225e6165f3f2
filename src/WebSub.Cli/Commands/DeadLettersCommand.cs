using System.CommandLine;
using WebSub.Cli.Administration;
using WebSub.Cli.Help;

namespace WebSub.Cli.Commands;

/// <summary><c>websub dead-letters</c> and <c>dead-letters redeliver</c>: updates that a hub has given up, and another try.</summary>
internal static class DeadLettersCommand
{
    private static readonly Column[] Columns =
    [
        new("Id", d => Column.Text(d, "id"), IsWhole: true),
        new("Topic", d => Column.Text(d, "topic") ?? Column.Text(d, "topicId")),
        new("Callback", d => Column.Text(d, "callback")),
        new("Updates", Updates),
        new("Given up", d => Column.Time(d, "createdAt")),
        new("Attempts", d => Column.Text(d, "attempts")),
        new("Last failure", d => Column.Text(d, "lastError") ?? Column.Text(d, "lastStatus")),
    ];

    public static Command Create()
    {
        var hub = new HubOptions();
        var (topic, origin) = (Topic(), Origin());
        var command = new ToolCommand("dead-letters", "List the updates that a hub has given up")
        {
            topic,
            origin,
            CreateRedeliver(),
            new Example("What a subscriber has missed", "websub dead-letters --origin https://subscriber.example"),
        };
        hub.AddTo(command, lists: true);
        command.SetAction(
            (parsed, cancellationToken) =>
                hub.ListAsync(
                    parsed,
                    "/dead-letters",
                    [("topic", parsed.GetValue(topic)), ("origin", parsed.GetValue(origin))],
                    Columns,
                    cancellationToken
                )
        );
        return command;
    }

    private static ToolCommand CreateRedeliver()
    {
        var hub = new HubOptions();
        var ids = new Argument<string[]>("ID")
        {
            Description = "The dead letters; without one, all of --topic or --origin, or --all",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var (topic, origin, reason) = (Topic(), Origin(), Reason());
        var all = new Option<bool>("--all") { Description = "Every dead letter of the hub" };
        var command = new ToolCommand("redeliver", "Send updates again that were given up")
        {
            ids,
            topic,
            origin,
            all,
            reason,
            new Example("One of them", "websub dead-letters redeliver ID"),
            new Example("All of a subscriber that works again", "websub dead-letters redeliver --origin https://subscriber.example"),
        };
        hub.AddTo(command, lists: false);
        command.Validators.Add(result =>
        {
            var (hasIds, hasFilter) = (
                result.GetValue(ids) is { Length: > 0 },
                (result.GetValue(topic) ?? result.GetValue(origin)) is not null
            );
            if (hasIds && (hasFilter || result.GetValue(all)))
                result.AddError("Either some IDs or --topic, --origin or --all.");
            else if (!hasIds && !hasFilter && !result.GetValue(all))
                result.AddError("Nothing says which dead letters: some IDs, --topic, --origin or --all.");
        });
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var why = parsed.GetValue(reason);
                if (parsed.GetValue(ids) is not { Length: > 0 } chosen)
                {
                    var which = new
                    {
                        Topic = parsed.GetValue(topic),
                        Origin = parsed.GetValue(origin),
                        // The hub wants to be told which ones.
                        From = parsed.GetValue(all) ? DateTimeOffset.UnixEpoch : (DateTimeOffset?)null,
                        Reason = why,
                    };
                    return await hub.ActAsync(parsed, "/dead-letters/redeliver", which, "dead letters sent again", cancellationToken);
                }

                var code = ExitCode.Done;
                foreach (var (index, id) in chosen.Index())
                {
                    var path = $"/dead-letters/{Uri.EscapeDataString(id)}/redeliver";
                    try
                    {
                        code = Math.Max(
                            code,
                            await hub.ActAsync(
                                parsed,
                                path,
                                new { Reason = why },
                                "dead letters sent again",
                                cancellationToken,
                                chosen.Length > 1 ? $", {index + 1} of {chosen.Length}" : ""
                            )
                        );
                    }
                    catch (HubApiException e) when (chosen.Length > 1)
                    {
                        Report.Complain($"{id}: {e.Message}");
                        code = ExitCode.Failed;
                    }
                }

                return code;
            }
        );
        return command;
    }

    private static Option<string?> Topic() => new("--topic") { Description = "Only of this topic, byte for byte", HelpName = "TOPIC" };

    private static Option<string?> Origin() =>
        SharedOptions.UrlOption("--origin", "Only for callbacks of this origin, such as https://subscriber.example");

    internal static Option<string?> Reason() => new("--reason") { Description = "Why, for the hub's audit log", HelpName = "TEXT" };

    private static string? Updates(System.Text.Json.JsonElement letter)
    {
        var (first, last) = (Column.Text(letter, "firstSequence"), Column.Text(letter, "lastSequence"));
        return first == last ? first : $"{first}–{last}";
    }
}
