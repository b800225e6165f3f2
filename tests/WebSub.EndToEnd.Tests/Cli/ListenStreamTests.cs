using System.Text;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary><c>websub listen --stream</c>: updates through the hub's event stream, whatever happens to the connection.</summary>
public sealed class ListenStreamTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-listen-stream-");

    [Fact]
    public async Task Stream_Updates_ArePrintedAndSavedInOrder()
    {
        await using var hub = await EventStreamStub.StartAsync(
            ":\n\n" + EventStreamStub.Entry(1, "Grüße") + EventStreamStub.Entry(2, "{\\\"n\\\":2}", "application/json")
        );
        await using var listen = ListenProcess.Start(
            "http://t.example/ä?b=c",
            "--hub",
            hub.Url,
            "--stream",
            "--after",
            "0",
            "--count",
            "2",
            "--json",
            "--save",
            _folder.FullName
        );

        Assert.Equal(0, await listen.Process.WaitForExitAsync());

        Assert.Equal(["connected", "notification", "notification"], listen.Names);
        Assert.Equal([1, 2], listen.Events.Skip(1).Select(e => e.GetProperty("sequence").GetInt64()));
        Assert.Equal("d/1", listen.Events[1].GetProperty("deliveryId").GetString());
        Assert.Equal("Grüße", listen.Events[1].GetProperty("body").GetString());
        Assert.Equal(
            ["Grüße", "{\"n\":2}"],
            Directory.GetFiles(_folder.FullName).Select(f => File.ReadAllText(f, Encoding.UTF8)).Order(StringComparer.Ordinal)
        );
        Assert.Equal("?topic=http%3A%2F%2Ft.example%2F%C3%A4%3Fb%3Dc&after=0", Assert.Single(hub.Requests).Query);
    }

    [Fact]
    public async Task Stream_OfOurHub_HasWhatWasPublishedBeforeAndAfter()
    {
        await using var hub = await CliHub.StartAsync();
        const string Topic = "http://localhost/streamed";
        await PublishAsync("one");
        await using var listen = ListenProcess.Start(Topic, "--hub", hub.Url, "--stream", "--after", "0", "--count", "2", "--json");
        await listen.WaitForAsync("notification");

        await PublishAsync("two");

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        Assert.Equal(["connected", "notification", "notification"], listen.Names);
        Assert.Equal(["one", "two"], listen.Events.Skip(1).Select(e => e.GetProperty("body").GetString()));

        async Task PublishAsync(string text)
        {
            var result = await CliProcess.RunAsync(
                ["publish", Topic, "--hub", hub.Url, "--content", "-", "--type", "text/plain"],
                environment: null,
                input: text
            );
            Assert.Equal(0, result.ExitCode);
        }
    }

    [Fact]
    public async Task Stream_BreaksOff_GoesOnBehindTheLastUpdate()
    {
        await using var hub = await EventStreamStub.StartAsync(
            EventStreamStub.Entry(7, "one") + "id: 8\ndata: {\"sequence\":8,\"bo",
            EventStreamStub.Entry(8, "two")
        );
        await using var listen = ListenProcess.Start("t", "--hub", hub.Url, "--stream", "--count", "2", "--json", "--api-key", "k3y");

        Assert.Equal(0, await listen.Process.WaitForExitAsync());

        Assert.Equal(["connected", "notification", "failed", "connected", "notification"], listen.Names);
        Assert.Equal(
            ["one", "two"],
            listen.Events.Where(e => e.TryGetProperty("body", out _)).Select(e => e.GetProperty("body").GetString())
        );
        Assert.Equal(["?topic=t", "?topic=t&after=7"], hub.Requests.Select(r => r.Query));
        Assert.All(hub.Requests, r => Assert.Equal("Bearer k3y", r.Authorization));
    }

    [Fact]
    public async Task Stream_ForPeople_TellsOfAGapAndWhereToGoOn()
    {
        await using var hub = await EventStreamStub.StartAsync(
            "event: gap\ndata: {\"oldest\":41}\n\n" + EventStreamStub.Entry(41, "hello")
        );
        await using var listen = ListenProcess.Start("t", "--hub", hub.Url, "--stream", "--after", "3");
        await listen.Process.WaitForLineAsync("hello");

        await listen.Process.InterruptAsync();

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        var lines = listen.Process.Lines.Select(l => l.Text).ToList();
        Assert.Contains(lines, l => l.EndsWith("gap           the hub no longer keeps what came before no. 41", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.EndsWith("notification  no. 41, text/plain, 5 bytes", StringComparison.Ordinal));
        Assert.Contains("note: --after 41 goes on from here.", lines);
    }

    [Theory]
    [InlineData(401, "Reading needs a key.", "answered 401: Reading needs a key. On this command line: --api-key KEY, or WEBSUB_API_KEY.")]
    [InlineData(404, "", "answered 404 to a request for its event stream; it may not have one, as only hubs of this project do.")]
    public async Task Stream_Refused_SaysWhatToDo(int status, string text, string complaint)
    {
        await using var hub = await EventStreamStub.StartAsync(status, text);

        var result = await CliProcess.RunAsync("listen", "t", "--hub", hub.Url, "--stream");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(complaint, result.Error[^1], StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
