using System.Net;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.EndToEnd.Tests.Subscriber;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Packages;

/// <summary>The templates, installed from the packed package and used as a newcomer uses them.</summary>
[Collection(InTurn.Name)]
public sealed class TemplateTests(PackedPackages packages)
{
    private const string TopicOfPage = "http://localhost:5090/feed";
    private static readonly TimeSpan Patience = PackedPackages.Patience;

    [Fact]
    public async Task Subscriber_CreatedAsGettingStartedSays_PassesItsTestsAndGetsAnUpdate()
    {
        await packages.InstallTemplatesAsync();
        await using var hub = await CliHub.StartAsync();
        await using var site = await FeedSite.StartAsync(hub.Url);
        var topic = site.Url(FeedSite.Atom);
        var typed = ConsolePage.Read("docs/getting-started.md")[0].Select(s => s.Command).ToList();
        // The packages are made and the templates are installed.
        var tested = await packages.TypeAsync(
            packages.Clone,
            string.Join('\n', typed.Skip(2)).Replace(TopicOfPage, topic, StringComparison.Ordinal)
        );

        var url = $"http://localhost:{FreePort.Next()}";
        await using var app = packages.Start(
            Path.Combine(packages.Clone, "..", "News", "src", "News"),
            url,
            "--WebSub:Subscriber:PublicUrl",
            url
        );
        await app.WaitForLineAsync("Verified", Patience);
        await hub.SubscribedAsync();
        site.Update();
        var published = await CliProcess.RunAsync("publish", topic, "--hub", hub.Url);
        await app.WaitForLineAsync($"New in {topic}: ");

        Assert.Equal(PackedPackages.InstallTemplates, typed[1]);
        Assert.Matches("Failed: +0, Passed: +2", tested);
        Assert.Equal(0, published.ExitCode);
    }

    [Fact]
    public async Task Hub_Created_PassesUpdatesOnAndHasADashboard()
    {
        var folder = await CreateAsync("websub-hub", "Acme.Hub");
        await packages.RunAsync(folder, "build");

        var url = $"http://localhost:{FreePort.Next()}";
        await using var app = packages.Start(folder, url);
        await app.WaitForLineAsync("Application started", Patience);
        var topic = $"{url}/news";
        var published = await CliProcess.RunAsync(
            ["publish", topic, "--hub", $"{url}/hub", "--content", "-", "--type", "text/plain"],
            environment: null,
            input: "It rains"
        );
        var read = await CliProcess.RunAsync("listen", topic, "--hub", $"{url}/hub", "--stream", "--after", "0", "--count", "1");
        using var dashboard = await SubscriberProcess.Client.GetAsync(new Uri($"{url}/dashboard"));
        using var topics = await SubscriberProcess.Client.GetAsync(new Uri($"{url}/api/v1/topics"));

        Assert.Equal((0, 0), (published.ExitCode, read.ExitCode));
        Assert.Contains("It rains", read.Output.Select(l => l.Trim()));
        // The dashboard adds the slash that its links need.
        Assert.Equal((HttpStatusCode.Found, HttpStatusCode.OK), (dashboard.StatusCode, topics.StatusCode));
    }

    [Theory]
    [InlineData("websub-subscriber", "src/App/appsettings.json", "--topic")]
    [InlineData("websub-hub", "appsettings.json", "--storage")]
    public async Task Template_Installed_IsListedAndExplainsItsOptions(string template, string settings, string option)
    {
        var list = await ListAsync();
        var help = await packages.RunAsync(Path.GetTempPath(), "new", template, "--help");
        var folder = await CreateAsync(template, "App", "--storage", "postgresql");

        Assert.Contains(list, line => line.Contains(template, StringComparison.Ordinal) && line.Contains("[C#]", StringComparison.Ordinal));
        Assert.Contains(option, help, StringComparison.Ordinal);
        Assert.Contains("Host=localhost", await File.ReadAllTextAsync(Path.Combine(folder, settings)), StringComparison.Ordinal);
    }

    private async Task<string[]> ListAsync()
    {
        await packages.InstallTemplatesAsync();
        return (await packages.RunAsync(Path.GetTempPath(), "new", "list", "websub")).Split('\n');
    }

    private async Task<string> CreateAsync(string template, string name, params string[] options)
    {
        await packages.InstallTemplatesAsync();
        var folder = await packages.CreateFolderAsync(template + options.Length);
        await packages.RunAsync(folder, ["new", template, "--name", name, .. options]);
        return Path.Combine(folder, name);
    }
}
