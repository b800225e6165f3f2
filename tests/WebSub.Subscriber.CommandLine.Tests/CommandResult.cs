using System.Text.Json;

namespace WebSub.Subscriber.CommandLine.Tests;

/// <summary>What a command did.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Output">What it wrote to stdout.</param>
/// <param name="Error">What it wrote to stderr.</param>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of JSON on stdout.</summary>
    public IReadOnlyList<JsonElement> Lines =>
        Output.StartsWith('{')
            ? [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)]
            : [];

    /// <summary>A property of each line that has it.</summary>
    public IEnumerable<string> All(string name) =>
        Lines.Where(l => l.TryGetProperty(name, out _)).Select(l => l.GetProperty(name).ToString());
}
