using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Publisher;

/// <summary>The sample blog in a separate process, on a free port, with its database in a folder of the test.</summary>
internal sealed class PublisherProcess : IAsyncDisposable
{
    private static readonly HttpClient Client = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
    private readonly RunningProcess _process;

    private PublisherProcess(RunningProcess process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    public static Task<PublisherProcess> StartAsync(string sample, string folder, params (string Name, string Value)[] settings) =>
        StartAtAsync($"http://127.0.0.1:{FreePort.Next()}", sample, folder, settings);

    /// <summary>Starts it at this address, such as that of one that was killed.</summary>
    public static async Task<PublisherProcess> StartAtAsync(
        string url,
        string sample,
        string folder,
        params (string Name, string Value)[] settings
    )
    {
        var arguments = settings.Append(("urls", url)).SelectMany(s => new[] { "--" + s.Item1, s.Item2 });
        var process = ServerProcess.Start(Repository.Program("samples", sample), arguments, workingDirectory: folder);
        var listening = await process.WaitForLineAsync(@"Now listening on: (\S+)");
        return new(process, listening.Groups[1].Value);
    }

    /// <summary>Writes a post; returns once the blog has answered that it is published.</summary>
    public async Task PostAsync(string text)
    {
        using var content = new StringContent(text);
        using var response = await Client.PostAsync(new Uri(Url + "/posts"), content);
        Assert.Equal(200, (int)response.StatusCode);
    }

    public Task<string> GetAsync(string path) => Client.GetStringAsync(new Uri(Url + path));

    public Task WaitForLineAsync(string pattern) => _process.WaitForLineAsync(pattern);

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
