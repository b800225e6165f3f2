using System.Text.Json;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>What a command left behind.</summary>
internal sealed record CliResult(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Error)
{
    /// <summary>The one line of standard output as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Assert.Single(Output)).RootElement;

    /// <summary>The one line of standard error: every failure is one sentence.</summary>
    public string Complaint => Assert.Single(Error);
}
