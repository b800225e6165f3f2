using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Subscriber;

/// <summary>A program with a subscriber in a separate process, on a free port.</summary>
internal sealed class SubscriberProcess : IAsyncDisposable
{
    public static readonly HttpClient Client = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

    private SubscriberProcess(RunningProcess process, string url) => (Process, Url) = (process, url);

    public string Url { get; }

    public RunningProcess Process { get; }

    public static async Task<SubscriberProcess> StartAsync(string dll, string folder, params (string Name, string Value)[] settings)
    {
        var url = $"http://127.0.0.1:{FreePort.Next()}";
        (string Name, string Value)[] all =
        [
            ("urls", url),
            ("WebSub:Subscriber:PublicUrl", url),
            ("WebSub:Outbound:AllowPrivateNetworks", "true"),
            .. settings,
        ];
        var process = ServerProcess.Start(dll, all.SelectMany(s => new[] { "--" + s.Name, s.Value }), workingDirectory: folder);
        await process.WaitForLineAsync("Application started");
        return new(process, url);
    }

    public static Task<SubscriberProcess> StartSampleAsync(string sample, string folder, params (string Name, string Value)[] settings) =>
        StartAsync(Repository.Program("samples", sample), folder, settings);

    public Task<string> GetAsync(string path) => Client.GetStringAsync(new Uri(Url + path));

    public async Task<string> SendAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, Url + path);
        using var response = await Client.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
