namespace WebSub.Cli.Help;

/// <summary>An argument, an option or a command, with what it means.</summary>
internal sealed record HelpRow(string Label, string Meaning);
