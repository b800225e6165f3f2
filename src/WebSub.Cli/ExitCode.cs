namespace WebSub.Cli;

/// <summary>The exit codes.</summary>
internal static class ExitCode
{
    /// <summary>Success.</summary>
    public const int Done = 0;

    /// <summary>Failure: the network, a file or a peer failed, or the answer is no.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong; nothing was attempted.</summary>
    public const int BadUsage = 2;
}
