using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Scripts;

/// <summary>The shell transcript in README.md does what it shows.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task Readme_ShellTranscript_IsWhatHappens()
    {
        var steps = ConsolePage
            .Read("README.md")
            .Single(b => b.Exists(s => s.Command.StartsWith("./websub sign", StringComparison.Ordinal)));
        using var reader = new Reader();

        foreach (var (command, expected) in steps)
        {
            var output = await reader.TypeAsync(command);

            Assert.Equal(expected, output.Take(expected.Count));
        }
    }
}
