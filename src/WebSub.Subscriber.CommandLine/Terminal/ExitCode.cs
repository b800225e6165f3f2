namespace WebSub.Subscriber.CommandLine.Terminal;

/// <summary>The exit codes.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Failed, or the answer is no; a sentence says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong; nothing was attempted.</summary>
    public const int BadUsage = 2;
}
