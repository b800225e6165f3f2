using System.CommandLine;
using System.Text.Json;
using WebSub.Cli.Administration;
using WebSub.Cli.Help;
using WebSub.Cli.Terminal;

namespace WebSub.Cli.Commands;

/// <summary><c>websub keys create</c>, <c>list</c> and <c>disable</c>: who may publish to a hub, read it and administer it.</summary>
internal static class KeysCommand
{
    private static readonly Column[] Columns =
    [
        new("Name", k => Column.Text(k, "name"), IsWhole: true),
        new("Scopes", ScopesOf),
        new("Created", k => Column.IsTrue(k, "isConfigured") ? "in the settings" : Column.Time(k, "createdAt")),
        new("By", k => Column.Text(k, "createdBy")),
        new("Last used", k => Column.Time(k, "lastUsedAt")),
        new("Disabled", k => Column.Time(k, "disabledAt")),
    ];

    public static Command Create() =>
        new ToolCommand("keys", "Create, list and disable the keys of a hub's callers")
        {
            CreateCreate(),
            CreateList(),
            CreateDisable(),
            new Example("A key for a publisher", "websub keys create blog --scope publish --hub https://hub.example/hub"),
        };

    private static ToolCommand CreateCreate()
    {
        var hub = new HubOptions();
        var name = Name("Its name, which the hub's audit log shows");
        var scopes = SharedOptions.Words(
            "--scope",
            "What the key allows: publish, read, administer; more than one may be given",
            "publish",
            "read",
            "administer"
        );
        scopes.Required = true;
        var reason = DeadLettersCommand.Reason();
        var command = new ToolCommand("create", "Create a key, and show it for the only time")
        {
            name,
            scopes,
            reason,
            new Example("For a publisher", "websub keys create blog --scope publish"),
            new Example("For a program that watches", "websub keys create monitor --scope read"),
        };
        hub.AddTo(command, lists: false);
        command.SetAction(
            (parsed, cancellationToken) =>
                SendAsync(
                    hub,
                    parsed,
                    "/keys",
                    new
                    {
                        Name = parsed.GetValue(name),
                        Scopes = parsed.GetValue(scopes),
                        Reason = parsed.GetValue(reason),
                    },
                    // Alone on its line, so that a script can take it.
                    created => [Column.Text(created, "key")!],
                    "The hub does not show the key again.",
                    cancellationToken
                )
        );
        return command;
    }

    private static ToolCommand CreateList()
    {
        var hub = new HubOptions();
        var command = new ToolCommand("list", "List the keys, also those that are disabled")
        {
            new Example("Who may do what", "websub keys list"),
        };
        hub.AddTo(command, lists: true);
        command.SetAction((parsed, cancellationToken) => hub.ListAsync(parsed, "/keys", [], Columns, cancellationToken));
        return command;
    }

    private static ToolCommand CreateDisable()
    {
        var hub = new HubOptions();
        var name = Name("The key, as websub keys list shows it");
        var reason = DeadLettersCommand.Reason();
        var command = new ToolCommand("disable", "Disable a key for good")
        {
            name,
            reason,
            new Example("One that has leaked", "websub keys disable blog --reason leaked"),
        };
        hub.AddTo(command, lists: false);
        command.SetAction(
            (parsed, cancellationToken) =>
                SendAsync(
                    hub,
                    parsed,
                    $"/keys/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}/disable",
                    new { Reason = parsed.GetValue(reason) },
                    key => [$"{Column.Text(key, "name")} is disabled since {Column.Time(key, "disabledAt")}"],
                    note: null,
                    cancellationToken
                )
        );
        return command;
    }

    private static Task<int> SendAsync(
        HubOptions hub,
        ParseResult parsed,
        string path,
        object body,
        Func<JsonElement, string[]> lines,
        string? note,
        CancellationToken cancellationToken
    ) =>
        hub.WithApiAsync(
            parsed,
            async api =>
            {
                var answer = await Waiting.ForAsync(api.PostAsync(path, body, cancellationToken), api.Url, cancellationToken);
                new Report(parsed.GetValue(SharedOptions.Json)).Write(lines(answer), answer);
                if (note is not null)
                    Report.Note(note);
                return ExitCode.Done;
            }
        );

    private static Argument<string> Name(string description) => new("NAME") { Description = description };

    private static string ScopesOf(JsonElement key) =>
        string.Join(", ", key.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()));
}
