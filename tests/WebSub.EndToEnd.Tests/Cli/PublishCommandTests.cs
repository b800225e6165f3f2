using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Protocol;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary><c>websub publish</c> against a hub that records requests (P2, P5, X4).</summary>
public sealed class PublishCommandTests
{
    private const string Topic = "https://blog.example/feed?tag=h%C3%A4fen";

    [Fact]
    public async Task Publish_HubGiven_PingsItWithTheTopicsAsTyped()
    {
        await using var hub = await HubStub.StartAsync();

        var result = await CliProcess.RunAsync("publish", Topic, "news", "--hub", hub.Url);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal([$"accepted  {hub.Url}  (202)", $"          {Topic}", "          news"], result.Output);
        var request = Assert.Single(hub.Requests);
        Assert.Equal("application/x-www-form-urlencoded", request.ContentType);
        Assert.Equal(HubModes.Publish, request.Fields[HubParameters.Mode]);
        Assert.Equal([Topic, "news"], request.Fields.All(HubParameters.Topic));
        Assert.Equal([Topic, "news"], request.Fields.All(HubParameters.Url));
        Assert.Empty(request.Authorization);
    }

    [Fact]
    public async Task Publish_NoHubGiven_TellsTheAdvertisedHubOfTheSelfLinks()
    {
        await using var hub = await HubStub.StartAsync();
        await using var site = await FeedSite.StartAsync(hub.Url);

        var result = await CliProcess.RunAsync("publish", site.Url(FeedSite.Moved), site.Url(FeedSite.Json));

        Assert.Equal(0, result.ExitCode);
        Assert.Equal([site.Url(FeedSite.Atom), site.Url(FeedSite.Json)], Assert.Single(hub.Requests).Fields.All(HubParameters.Topic));
    }

    [Fact]
    public async Task Publish_SeveralHubs_TellsEachEvenIfOneRefuses()
    {
        await using var refusing = await HubStub.StartAsync(403, "Ask the operator for a key.");
        await using var hub = await HubStub.StartAsync(204);

        var result = await CliProcess.RunAsync("publish", Topic, "--hub", refusing.Url, "--hub", hub.Url);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal([$"accepted  {hub.Url}  (204)", $"          {Topic}"], result.Output);
        Assert.Contains("websub: The hub answered 403: Ask the operator for a key.", result.Error);
    }

    [Fact]
    public async Task Publish_OneTopicUndiscovered_TellsOfTheOthersAndFails()
    {
        await using var hub = await HubStub.StartAsync();
        await using var site = await FeedSite.StartAsync(hub.Url);

        var result = await CliProcess.RunAsync("publish", site.Url("/nowhere"), site.Url(FeedSite.Rss), "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(2, result.Output.Count);
        Assert.Contains("\"outcome\":\"notDiscovered\"", result.Output[0], StringComparison.Ordinal);
        Assert.Contains("\"outcome\":\"accepted\",\"status\":202", result.Output[1], StringComparison.Ordinal);
        Assert.Equal([site.Url(FeedSite.Rss)], Assert.Single(hub.Requests).Fields.All(HubParameters.Topic));
    }

    [Theory]
    [InlineData("option")]
    [InlineData("environment")]
    public async Task Publish_Content_IsPushedAsItIsWithTheKey(string source)
    {
        await using var hub = await HubStub.StartAsync();
        var file = Path.GetTempFileName();
        byte[] content = [0xef, 0xbb, 0xbf, (byte)'{', 0xff, 0x00, (byte)'}'];
        await File.WriteAllBytesAsync(file, content);
        string[] key = source == "option" ? ["--api-key", "k-123"] : [];
        var environment = new Dictionary<string, string?> { ["WEBSUB_API_KEY"] = source == "environment" ? "k-123" : null };

        var result = await CliProcess.RunAsync(
            ["publish", Topic, "--hub", hub.Url, "--content", file, "--type", "application/json;charset=UTF-8", .. key],
            environment
        );
        File.Delete(file);

        Assert.Equal(0, result.ExitCode);
        var request = Assert.Single(hub.Requests);
        Assert.Equal($"/hub?hub.mode=publish&hub.topic={Uri.EscapeDataString(Topic)}", request.Target);
        Assert.Equal("application/json;charset=UTF-8", request.ContentType);
        Assert.Equal("Bearer k-123", request.Authorization);
        Assert.Equal(content, request.Body);
    }

    [Fact]
    public async Task Publish_HubsTextWithControlCharacters_DoesNotReachTheTerminal()
    {
        await using var hub = await HubStub.StartAsync(400, "bad \u001b[2Jtopic\r\nand more");

        var result = await CliProcess.RunAsync("publish", Topic, "--hub", hub.Url);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("websub: The hub answered 400: bad [2Jtopic and more", result.Error[^1]);
    }

    [Fact]
    public async Task Publish_MissingFile_SendsNothing()
    {
        await using var hub = await HubStub.StartAsync();

        var result = await CliProcess.RunAsync("publish", Topic, "--hub", hub.Url, "--content", "/nowhere/file", "--type", "text/plain");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("websub: Could not find a part of the path '/nowhere/file'.", result.Complaint);
        Assert.Empty(hub.Requests);
    }

    [Theory]
    [InlineData("TOPIC \"blog.example\" must be an absolute http or https URL; did you mean https://blog.example?", "blog.example")]
    [InlineData("--hub \"hub\" must be an absolute http or https URL; did you mean https://hub?", Topic, "--hub", "hub")]
    [InlineData("--content needs --type, for example --type application/json.", Topic, "--content", "file")]
    [InlineData("--type is the type of --content, which is missing.", Topic, "--type", "text/plain")]
    [InlineData(
        "--content is the content of one topic; there are several.",
        Topic,
        "https://b.example/",
        "--content",
        "file",
        "--type",
        "text/plain"
    )]
    [InlineData("--api-key must be printable ASCII without spaces", Topic, "--api-key", "a b")]
    [InlineData("publish needs <TOPIC>, for example \"websub publish https://blog.example/feed\".")]
    public async Task Publish_Mistake_IsOneSentenceAndExitCode2(string complaint, params string[] arguments)
    {
        var result = await CliProcess.RunAsync(["publish", .. arguments]);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal($"websub: {complaint} See websub publish --help.", result.Complaint);
    }
}
