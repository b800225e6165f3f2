using System.CommandLine;
using WebSub.Server;

namespace WebSub.Cli.Commands;

/// <summary>
/// <c>websub hub</c>: the hub server, with short options for the most common settings; all of the server's settings are passed on.
/// </summary>
internal static class HubCommand
{
    // What ASP.NET Core itself reads from the command line; all other settings have a section before a colon.
    private static readonly string[] HostSettings = ["urls", "http_ports", "https_ports", "environment", "contentroot", "allowedhosts"];

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
        var command = new Command(
            Name,
            "Run a hub until Ctrl-C. Every setting of the server works too, such as --WebSub:Hub:PublicUrl URL or --urls http://0.0.0.0:80"
        )
        {
            port,
            database,
            allowPrivate,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parsed =>
        {
            if (Misspelt(parsed.UnmatchedTokens) is { } word)
            {
                Report.Complain($"'{word}' is neither an option nor a setting such as --WebSub:Hub:PublicUrl. See websub hub --help.");
                return Task.FromResult(ExitCode.BadUsage);
            }

            var args = new List<string>(parsed.UnmatchedTokens);
            if (parsed.GetValue(SharedOptions.Json))
                args.AddRange(["--Logging:Console:FormatterName", "json"]);
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

    /// <summary>The first word that is not a setting; a misspelled one would be ignored.</summary>
    private static string? Misspelt(IEnumerable<string> words)
    {
        var isValue = false;
        foreach (var word in words)
        {
            if (isValue)
            {
                isValue = false;
                continue;
            }

            var name = word.TrimStart('-', '/').Split('=')[0];
            var hasValue = word.Contains('=', StringComparison.Ordinal);
            var isSetting =
                (word[0] is '-' or '/' || hasValue)
                && (name.Contains(':', StringComparison.Ordinal) || HostSettings.Contains(name, StringComparer.OrdinalIgnoreCase));
            if (!isSetting)
                return word;
            isValue = !hasValue;
        }

        return null;
    }
}
