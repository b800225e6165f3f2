using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Predicates;

/// <summary>The sample says what its page shows.</summary>
public sealed class TradeMessagesTests
{
    [Fact]
    public async Task TradeMessages_Run_PrintsItsTranscript()
    {
        var page = await File.ReadAllLinesAsync(
            Path.Combine(Repository.Root, "samples", "TradeMessages", "README.md"),
            TestContext.Current.CancellationToken
        );
        var transcript = page.SkipWhile(l => !l.StartsWith("$ cd samples/TradeMessages", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(l => l != "```")
            .ToList();
        await using var process = ServerProcess.Start(Repository.Program("samples", "TradeMessages"), []);

        var exitCode = await process.WaitForExitAsync();

        Assert.Equal(transcript, process.Lines.Select(l => l.Text));
        Assert.Equal(0, exitCode);
    }
}
