namespace WebSub.Cli.Help;

/// <summary>A command line that works as it stands, but for its addresses.</summary>
/// <param name="Does">What it does, without a full stop.</param>
/// <param name="Line">What to type.</param>
internal sealed record Example(string Does, string Line);
