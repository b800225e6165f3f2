namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>A line that a program wrote.</summary>
internal sealed record OutputLine(string Text, bool IsError);
