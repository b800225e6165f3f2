using System.Text.RegularExpressions;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Scripts;

/// <summary>What the pages type at a hub, typed at one hub for all of them.</summary>
public sealed partial class HubPagesTests(HubPagesTests.Hub hub) : IClassFixture<HubPagesTests.Hub>, IDisposable
{
    private const string Key = "a-key-of-the-pages-with-32-characters";
    private static readonly Dictionary<string, string?> Environment = new() { ["KEY"] = Key };
    private readonly Reader _reader = new(
        ("http://localhost:5080/hub", hub.Url),
        ("http://localhost:5080", hub.Origin),
        ("https://hub.example/hub", hub.Url),
        ("https://hub.example", hub.Origin),
        ("https://example.com/websub/news/0", $"{hub.Origin}/hub")
    );

    [Fact]
    public async Task HttpApi_EachRequest_IsAnsweredAsThePageShows()
    {
        foreach (var step in Steps("docs/reference/hub-http.md").Where(s => !s.Command.Contains(" -N ", StringComparison.Ordinal)))
        {
            var answer = await _reader.TypeAsync(step.Command);

            Assert.Equal(step.Output, WithoutDate(answer));
        }
    }

    [Fact]
    public async Task HttpApi_EventStream_BeginsAsThePageShows()
    {
        var steps = Steps("docs/reference/hub-http.md");
        var push = steps.First(s => s.Command.Contains("--data-binary", StringComparison.Ordinal));
        var read = steps.Single(s => s.Command.Contains(" -N ", StringComparison.Ordinal));
        // A topic of its own, whose log begins here.
        const string Topic = "blog.example/stream";
        await _reader.TypeAsync(push.Command.Replace("blog.example/feed", Topic, StringComparison.Ordinal));

        await using var stream = _reader.Start(read.Command.Replace("blog.example/feed", Topic, StringComparison.Ordinal));
        await stream.WaitForLineAsync("^data: ");

        Assert.Equal(
            read.Output.Select(Steady),
            stream
                .Lines.Where(l => !l.IsError)
                .Take(read.Output.Count)
                .Select(l => Steady(l.Text.Replace(Topic, "blog.example/feed", StringComparison.Ordinal)))
        );
    }

    /// <summary>The id of its second request is made up, so that one is answered 404.</summary>
    [Fact]
    public async Task Administration_Requests_AreAnswered()
    {
        await _reader.TypeAsync("curl -sS 'http://localhost:5080/hub?hub.mode=publish&hub.topic=https://blog.example/feed' -d 'It rains'");

        var answers = new List<string>();
        foreach (var step in ConsolePage.Read("docs/operations/administration.md")[0])
            answers.Add(string.Concat(await _reader.TypeAsync(step.Command, Environment)));

        Assert.Equal("""{"items":[],"next":null}""", answers[0]);
        Assert.Contains("\"status\":404", answers[1], StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"redeliverAll\"", answers[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Administration_Keys_AreCreatedListedAndDisabled()
    {
        var steps = ConsolePage.Read("docs/operations/administration.md")[1];

        var created = await _reader.TypeAsync(steps[0].Command, Environment);
        var list = await _reader.TypeAsync(steps[1].Command, Environment);
        await _reader.TypeAsync(steps[2].Command, Environment);

        Assert.StartsWith(steps[0].Output.Single().TrimEnd('…')[..7], created[^1], StringComparison.Ordinal);
        Assert.Contains(list, l => l.Contains("blog", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Intergov_Subscribe_IsAccepted()
    {
        var step = Assert.Single(Steps("docs/guides/from-intergov.md"));

        var status = await _reader.TypeAsync($"{step.Command} -sS -o answer -w '%{{http_code}}'");

        Assert.Equal(["202"], status);
    }

    /// <summary>The hub stands for the app, too: what counts is that something answers there.</summary>
    [Fact]
    public async Task Troubleshooting_Curl_ShowsTheAnswer()
    {
        var steps = Steps("docs/guides/troubleshooting.md").Where(s => s.Command.StartsWith("curl", StringComparison.Ordinal)).ToList();

        var answers = new List<string>();
        foreach (var step in steps)
            answers.Add((await _reader.TypeAsync(step.Command.Replace("TOPIC", "https://blog.example/", StringComparison.Ordinal)))[0]);

        Assert.Equal(["HTTP/1.1 202 Accepted", "HTTP/1.1 405 Method Not Allowed"], answers);
    }

    public void Dispose() => _reader.Dispose();

    private static List<ConsoleStep> Steps(string page) => [.. ConsolePage.Read(page).SelectMany(b => b)];

    // Nor the empty line before a body that is empty.
    private static List<string> WithoutDate(IReadOnlyList<string> answer) =>
        [.. answer.Take(answer[^1] == "" ? answer.Count - 1 : answer.Count).Where(l => !l.StartsWith("Date: ", StringComparison.Ordinal))];

    private static string Steady(string line) => Changing().Replace(line, "…");

    [GeneratedRegex("(?<=\"deliveryId\":\"|\"publishedAt\":\")[^\"]+")]
    private static partial Regex Changing();

    /// <summary>A hub with a key.</summary>
    public sealed class Hub : IAsyncLifetime
    {
        private CliHub? _hub;

        internal string Url => _hub!.Url;

        internal string Origin => new Uri(Url).GetLeftPart(UriPartial.Authority);

        public async ValueTask InitializeAsync() => _hub = await CliHub.StartAsync("--WebSub:Administration:ApiKeys:operator", Key);

        public async ValueTask DisposeAsync()
        {
            if (_hub is not null)
                await _hub.DisposeAsync();
        }
    }
}
