using PuppeteerSharp;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>The distribution's Chromium, without a window; where there is none the calling test is skipped.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private readonly IBrowser _browser;

    private Chromium(IBrowser browser) => _browser = browser;

    /// <summary>The program; null if it is not installed.</summary>
    public static string? Program { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(folder => new[] { Path.Combine(folder, "chromium"), Path.Combine(folder, "chromium-browser") })
            .FirstOrDefault(File.Exists);

    public static async Task<Chromium> StartAsync()
    {
        Assert.SkipWhen(Program is null, "There is no Chromium here.");
        return new(
            await Puppeteer.LaunchAsync(
                new LaunchOptions
                {
                    ExecutablePath = Program,
                    Headless = true,
                    // Certificates of the tests are nobody's.
                    Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--ignore-certificate-errors"],
                    Timeout = (int)Deadline.Default.TotalMilliseconds,
                }
            )
        );
    }

    /// <summary>A tab of its own.</summary>
    public Task<IPage> OpenAsync() => _browser.NewPageAsync();

    public async ValueTask DisposeAsync() => await _browser.DisposeAsync();
}
