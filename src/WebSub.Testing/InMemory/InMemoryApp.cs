using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using WebSub.Subscriber;

namespace WebSub.Testing.InMemory;

/// <summary>Tells the hub how to reach the app under test, before the app asks it for anything.</summary>
internal sealed class InMemoryApp(FakeHub hub, IServer server, IOptions<WebSubSubscriberOptions> options) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // Whoever gave the app another server after UseFakeWebSub is reached there.
        if (server is TestServer app)
            hub.Reach(new WithoutPathBase(app, options));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes off the path of the public URL, as the proxy in front of such an app does.</summary>
    private sealed class WithoutPathBase(TestServer app, IOptions<WebSubSubscriberOptions> options) : HttpMessageHandler
    {
        // The server has a handler only once it has started.
        private readonly Lazy<HttpMessageInvoker> _app = new(() => new(app.CreateHandler()));

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var taken = options.Value.PublicUrl!.AbsolutePath.TrimEnd('/');
            var url = request.RequestUri!;
            var target = url.PathAndQuery;
            if (target.StartsWith(taken + "/", StringComparison.Ordinal))
                target = target[taken.Length..];
            // Made anew in any case: the server cannot take a URL that is kept byte for byte apart.
            request.RequestUri = new($"{url.Scheme}://{url.Authority}{target}");
            return _app.Value.SendAsync(request, cancellationToken);
        }
    }
}
