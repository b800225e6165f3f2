using Microsoft.Extensions.Configuration;

namespace WebSub.Subscriber.CommandLine;

/// <summary>Tells a command from the app's own arguments.</summary>
internal static class CommandArguments
{
    private const string First = "websub";

    /// <summary>
    /// What follows <c>websub</c>; null if that is not the first word. Settings (<c>--WebSub:Subscriber:PublicUrl https://…</c>) are the
    /// configuration's and stay out.
    /// </summary>
    public static IReadOnlyList<string>? Of(IReadOnlyList<string> args) => Split(args).Own is [First, .. var command] ? command : null;

    /// <summary>
    /// The name of a setting that was typed and that the app does not have; null if all are in effect. The configuration takes the word
    /// after an option for its value, also if the option has none, and so loses a setting in <c>--all --Section:Name value</c>: the command
    /// would work on another database than the one that was named.
    /// </summary>
    public static string? NotInEffect(IReadOnlyList<string> args, IConfiguration configuration) =>
        Split(args).Settings.Where(s => configuration[s.Key] != s.Value).Select(s => s.Key).FirstOrDefault();

    private static (List<string> Own, Dictionary<string, string> Settings) Split(IReadOnlyList<string> args)
    {
        var own = new List<string>();
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < args.Count; i++)
        {
            var words = args[i].Split('=', 2);
            if (!words[0].StartsWith("--", StringComparison.Ordinal) || !words[0].Contains(':', StringComparison.Ordinal))
                own.Add(args[i]);
            else if (words.Length == 2)
                settings[words[0][2..]] = words[1];
            else if (++i < args.Count)
                settings[words[0][2..]] = args[i];
        }

        return (own, settings);
    }
}
