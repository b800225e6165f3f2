namespace WebSub.Subscriber.CommandLine;

/// <summary>Tells a command from the app's own arguments.</summary>
internal static class CommandArguments
{
    private const string First = "websub";

    /// <summary>
    /// What follows <c>websub</c>; null if that is not the first word. Settings (<c>--WebSub:Subscriber:PublicUrl https://…</c>) are the
    /// configuration's and stay out.
    /// </summary>
    public static IReadOnlyList<string>? Of(IReadOnlyList<string> args)
    {
        var own = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            if (!IsSetting(args[i]))
                own.Add(args[i]);
            else if (!args[i].Contains('=', StringComparison.Ordinal))
                i++;
        }

        return own is [First, .. var command] ? command : null;
    }

    private static bool IsSetting(string arg) =>
        arg.StartsWith("--", StringComparison.Ordinal) && arg.Split('=')[0].Contains(':', StringComparison.Ordinal);
}
