using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;
using WebSub.Protocol;
using WebSub.Testing;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>
/// A page in a real browser on the hub's machine, of another site and of another port of the same one, does what pages can do without
/// asking anybody. What each endpoint says to such requests is in the tests of the hub.
/// </summary>
public sealed class WebPageTests : IDisposable
{
    private const string Topic = "http://localhost/news";
    private const string Predicate = "UN.CEFACT.TRADE.CO";
    private static readonly string? Browser = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .SelectMany(folder => new[] { Path.Combine(folder, "chromium"), Path.Combine(folder, "chromium-browser") })
        .FirstOrDefault(File.Exists);
    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("websub-browser-");

    [Theory]
    [InlineData("127.0.0.1")] // another site than the hub's localhost
    [InlineData("localhost")] // another port of the same site
    public async Task Page_InABrowser_IsNoLocalCaller(string host)
    {
        Assert.SkipWhen(Browser is null, "There is no Chromium here.");
        await using var hub = await CliHub.StartAsync();
        var origin = hub.Url[..^"/hub".Length];
        await using var reader = await FakeSubscriber.StartAsync();
        await using var victim = await FakeSubscriber.StartAsync();
        victim.OnVerification = _ => Task.FromResult<int?>(404);
        await PostAsync(hub.Url, Fields(HubModes.Subscribe, Topic, reader.Callback()), "application/x-www-form-urlencoded");
        await hub.SubscribedAsync();
        var done = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var site = await LoopbackServer.StartAsync(async context =>
        {
            if (context.Request.Path == "/done")
                done.TrySetResult(context.Request.QueryString.Value ?? "");
            await Results.Text(Page(hub.Url, origin, victim.Callback()), "text/html").ExecuteAsync(context);
        });

        await using var browser = RunningProcess.Start(
            Browser,
            [
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                $"--user-data-dir={_profile.FullName}",
                site.Url.Replace("127.0.0.1", host, StringComparison.Ordinal) + "/",
            ]
        );
        // All requests have been sent: what a page may not do at all would be no test of the hub.
        Assert.Equal("?3", await done.Task.WaitAsync(TimeSpan.FromMinutes(1)));
        var verification = await victim.NextVerificationAsync();
        await PostAsync($"{hub.Url}?hub.mode=publish&hub.topic={Uri.EscapeDataString(Topic)}", "genuine", "text/plain");
        var delivery = await reader.NextDeliveryAsync();

        // Its content reached nobody, and its predicate had to be confirmed as a stranger's is.
        Assert.Equal("genuine", delivery.Text);
        Assert.Equal(Predicate, verification.Topic);
    }

    public void Dispose() => _profile.Delete(recursive: true);

    private static string Fields(string mode, string topic, string callback) =>
        new HubFields().Add(HubParameters.Mode, mode).Add(HubParameters.Topic, topic).Add(HubParameters.Callback, callback).ToString();

    private static string Page(string hub, string origin, string callback) =>
        $$"""
            <!doctype html><html><head><link rel="icon" href="data:,"></head><body><script>
            const form = 'application/x-www-form-urlencoded';
            const send = (url, body, type) =>
                fetch(url, { method: 'POST', mode: 'no-cors', headers: { 'Content-Type': type }, body }).then(() => 1, () => 0);
            (async () => {
              let sent = await send('{{hub}}?hub.mode=publish&hub.topic={{Uri.EscapeDataString(Topic)}}', 'evil', 'text/plain');
              sent += await send('{{hub}}', 'hub.mode=register&hub.topic=http://localhost/mine', form);
              sent += await send('{{origin}}/subscriptions', '{{Fields(HubModes.Subscribe, Predicate, callback)}}', form);
              await fetch('/done?' + sent);
            })();
            </script></body></html>
            """;

    private static async Task PostAsync(string url, string body, string type)
    {
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        using var content = new StringContent(body, new MediaTypeHeaderValue(type));
        using var response = await http.PostAsync(new Uri(url), content);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
    }
}
