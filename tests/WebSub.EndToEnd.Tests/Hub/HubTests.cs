using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>Tests that share a hub process with the others of their class; each has its own callbacks and topics.</summary>
public abstract class HubTests(SharedHub shared) : IAsyncLifetime
{
    private int _firstLine;

    private protected HubProcess Hub { get; private set; } = null!;

    private protected CallbackSink Sink { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Hub = await shared.GetAsync(
            CreateDatabaseAsync,
            ("WebSub:Hub:Delivery:RetrySeconds", "1,1,1"),
            ("WebSub:Hub:Verification:RetrySeconds", "1,1"),
            ("WebSub:Hub:Verification:PerHostPerMinute", "1000000"),
            ("WebSub:Hub:Lease:MinSeconds", "1"),
            ("WebSub:Administration:ApiKeys:Robin", "a key of eight words is long enough, surely")
        );
        _firstLine = Hub.Process.Lines.Count;
        Sink = await CallbackSink.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Hub?.ReportFailure(_firstLine);
        if (Sink is not null)
            await Sink.DisposeAsync();
    }

    /// <summary>A topic that no other test uses. It is never fetched: its content is pushed.</summary>
    private protected static string NewTopic() => $"http://topics.example/{Guid.NewGuid():N}?page=%C3%A4";

    private protected abstract Task<string> CreateDatabaseAsync();
}
