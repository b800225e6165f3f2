using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Scripts;

/// <summary>The README's shell transcript does what it shows.</summary>
public sealed class ReadmeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-readme-");

    [Fact]
    public async Task Readme_ShellTranscript_IsWhatHappens()
    {
        // The demo has its own test, since its times and ports differ each time.
        var steps = Readme.Transcripts().Where(t => !t.Command.StartsWith("./demo.sh", StringComparison.Ordinal)).ToList();
        Assert.True(steps.Count >= 4, "The README's transcript of ./websub was not found.");

        foreach (var (command, expected) in steps)
        {
            // The transcript is typed in the clone; here its files go to a separate folder.
            var typed = command.Replace("./websub", $"'{Path.Combine(Repository.Root, "websub")}'", StringComparison.Ordinal);
            var result = await CliProcess.RunProgramAsync(
                "bash",
                ["-c", typed],
                workingDirectory: _folder.FullName,
                deadline: TimeSpan.FromMinutes(3)
            );

            Assert.True(result.ExitCode == 0, $"{command}\n{string.Join('\n', result.Error)}");
            Assert.Equal(expected, result.Output.Take(expected.Count));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
