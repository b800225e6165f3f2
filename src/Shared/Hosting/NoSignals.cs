using Microsoft.Extensions.Hosting;

namespace WebSub.Hosting;

/// <summary>
/// For an app inside a program that handles Ctrl-C itself: the default would stop the app at the signal, before it could unsubscribe.
/// </summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
