using System.CommandLine;
using System.CommandLine.Parsing;
using WebSub.Cli.Help;
using WebSub.Server;
using WebSub.Settings;

namespace WebSub.Cli.Commands;

/// <summary>
/// <c>websub hub</c>: the hub server, with short options for the most common settings; all of the server's settings are passed on.
/// </summary>
internal static class HubCommand
{
    // What ASP.NET Core itself reads from the command line; all other settings have a section before a colon.
    private static readonly string[] HostSettings = ["urls", "http_ports", "https_ports", "environment", "contentroot", "allowedhosts"];

    /// <summary>The sections that the server reads, ours and the framework's; any other would be ignored.</summary>
    private static readonly string[] Sections = ["WebSub", "ConnectionStrings", "Logging", "Kestrel"];

    public const string Name = "hub";

    public static Command Create()
    {
        var port = SharedOptions.Port("Listen on http://localhost:PORT (default 5080)");
        var database = new Option<string?>("--database")
        {
            Description = "SQLite file, or postgres://… (default websub.db)",
            HelpName = "FILE",
        };
        var allowPrivate = SharedOptions.AllowPrivate("Allow topics and callbacks on private and loopback addresses");
        var command = new ToolCommand(Name, "Run a hub until Ctrl-C")
        {
            port,
            database,
            allowPrivate,
            new Example("A hub for trying things out on this machine", "websub hub --allow-private"),
            new Example(
                "A hub for others, behind a proxy",
                "websub hub --urls http://127.0.0.1:5080 --WebSub:Hub:PublicUrl https://hub.example/hub --database /var/lib/websub/hub.db"
            ),
            new Example("Several nodes share a PostgreSQL database", "websub hub --database postgres://hub@db.example/websub"),
        };
        command.Rest = "[--SETTING VALUE]…";
        command.Remarks =
            "Every setting of the server works as an option, such as --WebSub:Hub:Delivery:TimeoutSeconds 5 or --urls http://0.0.0.0:80; "
            + "Tab completes them (websub completion).";
        command.Settings = HubServer.Settings;
        command.OtherWords = ["server", "serve", "run", "start"];
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parsed =>
        {
            if ((FindBare(parsed) ?? FindFault(parsed.UnmatchedTokens, Mistake.OptionsOf(parsed.CommandResult))) is { } fault)
            {
                Report.Complain($"{fault} See websub hub --help.");
                return Task.FromResult(ExitCode.BadUsage);
            }

            var args = new List<string>(parsed.UnmatchedTokens);
            if (parsed.GetValue(SharedOptions.Json))
                args.AddRange(["--Logging:Console:FormatterName", "json"]);
            if (parsed.GetValue(SharedOptions.Verbose))
                args.AddRange(["--Logging:LogLevel:Default", "Debug"]);
            if (parsed.GetValue(port) is { } number)
                args.AddRange(["--urls", $"http://localhost:{number}"]);
            if (parsed.GetValue(database) is { } file)
                args.AddRange(["--ConnectionStrings:WebSub", DatabaseOption.ToConnectionString(file)]);
            if (parsed.GetValue(allowPrivate))
                args.AddRange(["--WebSub:Outbound:AllowPrivateNetworks", "true"]);
            return HubServer.RunAsync([.. args]);
        });
        return command;
    }

    /// <summary>A sentence about the first word that is not a setting; a misspelled one would be ignored.</summary>
    private static string? FindFault(IEnumerable<string> words, IEnumerable<string> options)
    {
        string? open = null;
        foreach (var word in words)
        {
            if (open is not null)
            {
                if (word.StartsWith("--", StringComparison.Ordinal))
                    break;
                open = null;
                continue;
            }

            var name = word.TrimStart('-', '/').Split('=')[0];
            var hasValue = word.Contains('=', StringComparison.Ordinal);
            var looksLikeOne = word.Length > 0 && (word[0] is '-' or '/' || hasValue);
            if (!looksLikeOne || !IsSetting(name))
            {
                var known = options.Concat(HubServer.Settings.Concat(HostSettings).Select(s => $"--{s}"));
                var meant = looksLikeOne ? Mistake.NearestOption($"--{name}", known) : null;
                return $"'{word}' is neither an option nor a setting such as --WebSub:Hub:PublicUrl{Mistake.Hint(meant)}";
            }

            open = hasValue ? null : word;
        }

        return open is null ? null : NeedsAValue(open);
    }

    /// <summary>A sentence about a setting that is followed by one of the command's own options in place of a value.</summary>
    private static string? FindBare(ParseResult parsed) =>
        parsed
            .Tokens.Zip(parsed.Tokens.Skip(1))
            .Where(pair => pair.Second.Type == TokenType.Option && pair.First.Type != TokenType.Option)
            .Select(pair => pair.First.Value)
            .FirstOrDefault(w => w.StartsWith("--", StringComparison.Ordinal) && IsSetting(w[2..]))
            is { } bare
            ? NeedsAValue(bare)
            : null;

    private static string NeedsAValue(string setting) => $"{setting} needs a value.";

    // The server itself refuses what is misspelled below WebSub.
    private static bool IsSetting(string name) =>
        HostSettings.Contains(name, StringComparer.OrdinalIgnoreCase)
        || (name.Split(':') is [var section, _, ..] && Sections.Contains(section, StringComparer.OrdinalIgnoreCase));
}
