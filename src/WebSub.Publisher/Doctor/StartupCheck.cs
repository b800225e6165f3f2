using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Publisher.Diagnostics;
using WebSub.Publisher.Hosting;
using WebSub.Publisher.Links;
using WebSub.Publisher.Storage;

namespace WebSub.Publisher.Doctor;

/// <summary>After start, checks the settings, what hubs have answered and a few topics, and logs what it finds.</summary>
internal sealed class StartupCheck(
    PublisherNode node,
    IWebSubPublisherDiagnostics diagnostics,
    RecentTopics recent,
    IServiceProvider services,
    IOptions<WebSubPublisherOptions> options,
    ILogger<StartupCheck> logger
) : BackgroundService
{
    private const int MaxTopics = 5;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.CheckAtStart)
            return;
        try
        {
            await node.ReadyAsync(stoppingToken);
            Report(await diagnostics.CheckAsync(stoppingToken));
            var topics = Advertised()
                .Concat(await recent.ReadAsync(MaxTopics, stoppingToken))
                .Distinct(StringComparer.Ordinal)
                .Take(MaxTopics);
            foreach (var topic in topics)
                Report(await diagnostics.CheckTopicAsync(topic, stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is normal.
        }
#pragma warning disable CA1031 // A check must not stop the app.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.StartupCheckFailed(logger, e);
        }
    }

    /// <summary>The advertised endpoints whose address is known without a request: GET endpoints whose pattern has no parameters.</summary>
    private IEnumerable<string> Advertised()
    {
        if (options.Value.PublicUrl is null || services.GetService<EndpointDataSource>() is not { } source)
            return [];
        return source
            .Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<AdvertisedMetadata>() is not null && e.RoutePattern.Parameters.Count == 0)
            .Where(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get) != false)
            .Select(e => "/" + e.RoutePattern.RawText?.TrimStart('/'));
    }

    private void Report(IReadOnlyList<WebSubPublisherFinding> findings)
    {
        foreach (var finding in findings)
            Log.Finding(logger, finding.Problem, finding.Explanation);
    }
}
