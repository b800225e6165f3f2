namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>A command that a page has its reader type, and the output that it shows below; none if it shows none.</summary>
internal sealed record ConsoleStep(string Command, IReadOnlyList<string> Output);
