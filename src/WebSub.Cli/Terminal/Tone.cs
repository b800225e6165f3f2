namespace WebSub.Cli.Terminal;

/// <summary>How a word stands out, on a terminal with colours.</summary>
internal enum Tone
{
    /// <summary>Not at all.</summary>
    Plain,

    /// <summary>Bold: what somebody waited for.</summary>
    News,

    /// <summary>Green: it worked.</summary>
    Good,

    /// <summary>Red: it did not.</summary>
    Bad,
}
