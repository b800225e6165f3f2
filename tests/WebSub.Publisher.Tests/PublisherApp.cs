using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Publisher.Storage;
using WebSub.TestSupport;

namespace WebSub.Publisher;

/// <summary>An app that publishes, on Kestrel, with a database of its own unless it is given one.</summary>
internal sealed class PublisherApp : IAsyncDisposable
{
    public const string Hub = "https://hub.example/";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly WebApplication _app;
    private readonly string _folder;

    private readonly Pulse _commits = new();

    private PublisherApp(WebApplication app, LogList logs, string folder)
    {
        (_app, Logs, _folder) = (app, logs, folder);
        Services.GetRequiredService<PublisherDatabase>().Db.Written = _commits.Beat;
    }

    public string Url => _app.Urls.Single();

    public LogList Logs { get; }

    public IServiceProvider Services => _app.Services;

    public IWebSubPublisher Publisher => _app.Services.GetRequiredService<IWebSubPublisher>();

    public IWebSubPublisherDiagnostics Doctor => _app.Services.GetRequiredService<IWebSubPublisherDiagnostics>();

    public static async Task<PublisherApp> StartAsync(
        Action<WebApplication> map,
        Action<WebSubPublisherOptions>? configure = null,
        params (string Key, string Value)[] settings
    )
    {
        var folder = Directory.CreateTempSubdirectory("websub-publisher-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        var logs = new LogList();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Configuration.AddInMemoryCollection([
            new("WebSub:Outbound:AllowPrivateNetworks", "true"),
            new("WebSub:Publisher:CheckAtStart", "false"),
            new("WebSub:Publisher:CoalesceSeconds", "0"),
            new("ConnectionStrings:WebSubPublisher", $"Data Source={folder}/publisher.db"),
        ]);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.Services.AddWebSubPublisher(configure ?? (o => o.Hubs.Add(Hub)));
        builder.Services.AddControllers().AddApplicationPart(typeof(PublisherApp).Assembly);
        var app = builder.Build();
        map(app);
        var publisher = new PublisherApp(app, logs, folder);
        await app.StartAsync();
        return publisher;
    }

    /// <summary>What is known about a topic; its only hub.</summary>
    public async Task<WebSubPublication> StateAsync(string topic) => Assert.Single(await Publisher.ListAsync(topic).ToListAsync());

    /// <summary>Waits until this holds at each of the topic's hubs; it is looked at after each commit of this app.</summary>
    public async Task UntilAsync(string topic, Func<WebSubPublication, bool> holds)
    {
        List<WebSubPublication> states = [];
        try
        {
            await _commits.UntilAsync(
                async () =>
                {
                    states = await Publisher.ListAsync(topic).ToListAsync();
                    return states.Count > 0 && states.TrueForAll(holds.Invoke);
                },
                Deadline
            );
        }
        catch (TimeoutException)
        {
            Assert.Fail($"It did not become so:\n{string.Join('\n', states)}\n{string.Join('\n', Logs.Messages.Select(m => m.Text))}");
        }
    }

    /// <summary>The Link header lines of a response.</summary>
    public async Task<string[]> LinksAsync(string path, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, Url + path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await HttpPeer.Client.SendAsync(request);
        return response.Headers.TryGetValues("Link", out var values) ? [.. values] : [];
    }

    public async ValueTask DisposeAsync()
    {
        if (!Directory.Exists(_folder))
            return;
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        // A loop that fails and goes on would hide here.
        Assert.DoesNotContain(Logs.Messages, m => m.Level >= LogLevel.Error);
    }
}
