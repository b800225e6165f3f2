using PuppeteerSharp;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.LoadTests.Faults;

namespace WebSub.EndToEnd.Tests.Publisher;

/// <summary>The sample page in a real browser that loses its connection and its server.</summary>
public sealed class LiveUpdatesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-live-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Page_ThatLosesItsConnectionAndItsServer_ShowsEveryUpdateOnceAndInOrder()
    {
        await using var chromium = await Chromium.StartAsync();
        var server = await PublisherProcess.StartAsync("LiveUpdates", _folder);
        var url = server.Url;
        await using var network = TcpProxy.Start(new Uri(url).Port);
        await using var page = await chromium.OpenAsync();
        await page.SetViewportAsync(new() { Width = 360, Height = 700 });

        await page.GoToAsync($"http://127.0.0.1:{network.Port}/");
        await SeesAsync(page, "The program has started.");
        await page.TypeAsync("#text", "one <b>bold</b>");
        await page.ClickAsync("#post button");
        await SeesAsync(page, "one <b>bold</b>");

        network.Cut(requests: true, answers: true);
        await server.PostAsync("two");
        await server.PostAsync("three");
        await network.HealAsync();
        await SeesAsync(page, "three");

        await server.KillAsync();
        await server.DisposeAsync();
        await page.WaitForFunctionAsync("() => document.getElementById('status').textContent.startsWith('Connection lost')", Patient);
        server = await PublisherProcess.StartAtAsync(url, "LiveUpdates", _folder);
        await SeesAsync(page, "The program has started.", times: 2);
        await server.PostAsync("four");
        await SeesAsync(page, "four");
        await server.DisposeAsync();

        Assert.Equal(
            ["The program has started.", "one <b>bold</b>", "two", "three", "The program has started.", "four"],
            (await TextsAsync(page)).Reverse()
        );
        Assert.Equal(360, await page.EvaluateExpressionAsync<int>("document.documentElement.scrollWidth"));
    }

    private static WaitForFunctionOptions Patient => new() { Timeout = (int)Deadline.Default.TotalMilliseconds };

    private static Task SeesAsync(IPage page, string text, int times = 1) =>
        page.WaitForFunctionAsync(
            "(text, times) => [...document.querySelectorAll('#updates li')].filter(i => i.lastChild.textContent === text).length === times",
            Patient,
            text,
            times
        );

    private static Task<string[]> TextsAsync(IPage page) =>
        page.EvaluateExpressionAsync<string[]>("[...document.querySelectorAll('#updates li')].map(i => i.lastChild.textContent)");
}
