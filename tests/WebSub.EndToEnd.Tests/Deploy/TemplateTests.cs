using System.Xml.Linq;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Deploy;

/// <summary>The templates as a user gets them: packed, installed, and what they make is built, tested and run from the packages.</summary>
public sealed class TemplateTests(PackedTemplates packed) : IClassFixture<PackedTemplates>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Subscriber_OfTheTemplate_PassesItsTestsAndRuns()
    {
        await packed.DotNetAsync(["new", "websub-subscriber", "-n", "News", "--topic", "http://localhost:9/feed"], packed.Folder);
        var solution = Path.Combine(packed.Folder, "News");

        await packed.DotNetAsync(["build", "-warnaserror"], solution);
        var tested = await packed.DotNetAsync(["run", "--no-build", "--project", "News.Tests"], solution);
        var port = FreePort.Next();
        await using var app = RunningProcess.Start(
            Repository.DotNet,
            ["run", "--no-build", "--project", "News", "--no-launch-profile", "--", "--urls", $"http://127.0.0.1:{port}"],
            packed.With(("ASPNETCORE_ENVIRONMENT", "Development")),
            solution
        );
        await app.WaitForLineAsync("Requested \\(http://localhost:9/feed\\)", Patience);

        Assert.Contains(tested, l => l.Contains("Failed: 0", StringComparison.Ordinal) && l.Contains("Total: 2", StringComparison.Ordinal));
        Assert.Equal("[]", await GetAsync(port, "/"));
    }

    [Fact]
    public async Task Hub_OfTheTemplate_BuildsAndRuns()
    {
        await packed.DotNetAsync(["new", "websub-hub", "-n", "Push"], packed.Folder);
        var project = Path.Combine(packed.Folder, "Push");

        await packed.DotNetAsync(["build", "-warnaserror"], project);
        var port = FreePort.Next();
        await using var hub = RunningProcess.Start(
            Repository.DotNet,
            ["run", "--no-build", "--no-launch-profile", "--", "--urls", $"http://127.0.0.1:{port}"],
            packed.With(("ASPNETCORE_ENVIRONMENT", "Development")),
            project
        );
        await hub.WaitForLineAsync("Now listening on", Patience);

        Assert.Equal("Healthy", await GetAsync(port, "/health"));
        Assert.Contains("<title>Overview", await GetAsync(port, "/dashboard"), StringComparison.Ordinal);
        Assert.Contains("\"subscriptions\":0", await GetAsync(port, "/api/v1/overview"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("websub-subscriber", "Host=localhost;Username=subscriber;Database=subscriber")]
    [InlineData("websub-hub", "Host=localhost;Username=websub;Database=websub")]
    public async Task Template_ForPostgreSql_HasItsConnectionString(string template, string expected)
    {
        await packed.DotNetAsync(["new", template, "-n", "Made", "--database", "PostgreSql"], packed.Folder);

        var settings = Directory.GetFiles(Path.Combine(packed.Folder, "Made"), "appsettings.json", SearchOption.AllDirectories);

        Assert.Contains($"\"{expected}\"", await File.ReadAllTextAsync(Assert.Single(settings)), StringComparison.Ordinal);
    }

    [Fact]
    public void Packages_OfOthers_HaveTheVersionsThatWeUse()
    {
        var ours = XDocument
            .Load(Path.Combine(Repository.Root, "Directory.Packages.props"))
            .Descendants("PackageVersion")
            .ToDictionary(p => p.Attribute("Include")!.Value, p => p.Attribute("Version")!.Value, StringComparer.Ordinal);

        var theirs = Directory
            .GetFiles(Path.Combine(Repository.Root, "src", "WebSub.Templates"), "*.csproj", SearchOption.AllDirectories)
            .SelectMany(f => XDocument.Load(f).Descendants("PackageReference"))
            .Where(p => p.Attribute("Version") is { Value: not "0.0.0-packed" })
            .ToList();

        Assert.NotEmpty(theirs);
        Assert.All(theirs, p => Assert.Equal(ours[p.Attribute("Include")!.Value], p.Attribute("Version")!.Value));
    }

    private static async Task<string> GetAsync(int port, string path)
    {
        using var client = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        return await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}{path}"));
    }
}
