using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Publisher.Notifying;

namespace WebSub.Publisher;

/// <summary>An app that publishes, on Kestrel.</summary>
internal sealed class PublisherApp : IAsyncDisposable
{
    public const string Hub = "https://hub.example/";
    private readonly WebApplication _app;

    private PublisherApp(WebApplication app, LogList logs) => (_app, Logs) = (app, logs);

    public string Url => _app.Urls.Single();

    public LogList Logs { get; }

    public IWebSubPublisher Publisher => _app.Services.GetRequiredService<IWebSubPublisher>();

    public static async Task<PublisherApp> StartAsync(Action<WebApplication> map, Action<WebSubPublisherOptions>? configure = null, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var logs = new LogList();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Configuration.AddInMemoryCollection([new("WebSub:Outbound:AllowPrivateNetworks", "true")]);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.Services.AddWebSubPublisher(configure ?? (o => o.Hubs.Add(Hub)));
        builder.Services.AddControllers().AddApplicationPart(typeof(PublisherApp).Assembly);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new(app, logs);
    }

    /// <summary>The Link header lines of a response.</summary>
    public async Task<string[]> LinksAsync(string path, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, Url + path);
        using var response = await HttpPeer.Client.SendAsync(request);
        return response.Headers.TryGetValues("Link", out var values) ? [.. values] : [];
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>The messages of the publisher's own log.</summary>
    internal sealed class LogList : ILoggerProvider
    {
        private readonly ConcurrentQueue<(LogLevel Level, string Text)> _messages = new();

        public IReadOnlyList<(LogLevel Level, string Text)> Messages => [.. _messages];

        public ILogger CreateLogger(string categoryName) => new Logger(categoryName == typeof(DirectPublisher).FullName ? _messages : new());

        public void Dispose()
        {
            // Nothing to give back.
        }

        private sealed class Logger(ConcurrentQueue<(LogLevel Level, string Text)> messages) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                messages.Enqueue((logLevel, formatter(state, exception)));
        }
    }
}
