using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Predicates;

/// <summary>The sample says what its page shows.</summary>
public sealed class TradeMessagesTests
{
    [Fact]
    public async Task TradeMessages_Run_PrintsItsTranscript()
    {
        var transcript = Assert.Single(Assert.Single(ConsolePage.Read("samples/TradeMessages/README.md"))).Output;
        await using var process = ServerProcess.Start(Repository.Program("samples", "TradeMessages"), []);

        var exitCode = await process.WaitForExitAsync();

        Assert.Equal(transcript, process.Lines.Select(l => l.Text));
        Assert.Equal(0, exitCode);
    }
}
