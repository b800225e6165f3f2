namespace WebSub.Cli;

/// <summary>What the shell is told.</summary>
internal static class ExitCode
{
    /// <summary>It was done.</summary>
    public const int Done = 0;

    /// <summary>It failed: the network, a file, a peer, or the answer is no.</summary>
    public const int Failed = 1;

    /// <summary>The command line itself is wrong; nothing was tried.</summary>
    public const int BadUsage = 2;
}
