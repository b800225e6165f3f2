using System.Text.RegularExpressions;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary>docs/reference/cli.md says what the commands say of themselves. <c>UPDATE_SETTINGS_PAGES=1</c> rewrites it.</summary>
public sealed partial class ReferencePageTests
{
    [Fact]
    public async Task ReferencePage_TablesAreThoseOfTheCommands()
    {
        var file = Path.Combine(Repository.Root, "docs", "reference", "cli.md");
        var page = (await File.ReadAllTextAsync(file)).ReplaceLineEndings("\n");
        var parts = new Dictionary<string, string>();
        foreach (Match block in Block().Matches(page))
        {
            var part = block.Groups["part"].Value;
            var result = await CliProcess.RunAsync($"[reference:{part}]");
            Assert.Equal(0, result.ExitCode);
            parts[part] = string.Join('\n', result.Output).TrimEnd('\n');
        }

        var current = Block().Replace(page, b => $"{b.Groups["begin"].Value}\n\n{parts[b.Groups["part"].Value]}\n\n<!-- end -->");

        Assert.Equal(["check", "commands", "events", "exec", "fields", "variables"], parts.Keys.Order());
        if (Environment.GetEnvironmentVariable("UPDATE_SETTINGS_PAGES") == "1")
        {
            await File.WriteAllTextAsync(file, current);
            Assert.Skip("cli.md was rewritten from the commands; review its diff.");
        }

        Assert.True(
            current == page,
            "cli.md does not say what the commands say. Run  UPDATE_SETTINGS_PAGES=1 ./test.sh --project WebSub.EndToEnd.Tests -- -method "
                + "'*_TablesAre*'"
        );
    }

    [GeneratedRegex(
        "(?<begin><!-- websub: (?<part>[a-z]+) -->).*?<!-- end -->",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Block();
}
