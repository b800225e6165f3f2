using System.Text;
using System.Text.RegularExpressions;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Packages;

/// <summary>What the README promises a stranger: a new app, the package, five lines, and updates are printed.</summary>
[Collection(InTurn.Name)]
public sealed partial class NewAppTests(PackedPackages packages)
{
    private const string TopicOfReadme = "https://blog.example/";

    [Fact]
    public async Task NewApp_FiveLinesOfTheReadme_PrintsAnUpdate()
    {
        await using var hub = await CliHub.StartAsync();
        await using var site = await FeedSite.StartAsync(hub.Url);
        var topic = site.Url(FeedSite.Json);
        var folder = await packages.CreateFolderAsync("five-lines");
        await packages.RunAsync(folder, "new", "web", "--no-restore");
        await packages.RunAsync(folder, InstallOfReadme());
        await File.WriteAllTextAsync(
            Path.Combine(folder, "Program.cs"),
            $"""
            var builder = WebApplication.CreateBuilder(args);
            {LinesOfReadme().Replace(TopicOfReadme, topic, StringComparison.Ordinal)}
            app.Run();
            """
        );
        await packages.RunAsync(folder, "build", "--no-restore");

        var url = $"http://localhost:{FreePort.Next()}";
        await using var app = packages.Start(
            folder,
            url,
            "--WebSub:Subscriber:PublicUrl",
            url,
            "--WebSub:Outbound:AllowPrivateNetworks",
            "true"
        );
        await app.WaitForLineAsync("Verified", PackedPackages.Patience);
        await hub.SubscribedAsync();
        site.Update();
        var published = await CliProcess.RunAsync("publish", topic, "--hub", hub.Url);
        await app.WaitForLineAsync(Regex.Escape(Encoding.UTF8.GetString(site.Body(FeedSite.Json))));

        Assert.Equal(0, published.ExitCode);
    }

    private static string[] InstallOfReadme() => Install().Match(Readme()).Groups["arguments"].Value.Split(' ');

    private static string LinesOfReadme()
    {
        var lines = FiveLines().Match(Readme()).Groups["code"].Value;
        Assert.Contains(TopicOfReadme, lines, StringComparison.Ordinal);
        return lines;
    }

    private static string Readme() => File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [GeneratedRegex(
        @"^## Five lines of subscriber\n\n```csharp\n(?<code>.*?)```",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex FiveLines();

    [GeneratedRegex(@"`dotnet (?<arguments>add package [^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Install();
}
