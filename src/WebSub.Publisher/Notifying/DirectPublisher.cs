using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Http;
using WebSub.Publishing;

namespace WebSub.Publisher.Notifying;

/// <summary>Pings all hubs at once, and each of them with one topic after the other: a message with one topic is what every hub understands.</summary>
internal sealed partial class DirectPublisher(IOptions<WebSubPublisherOptions> options, PublisherHttp http, TimeProvider time, ILogger<DirectPublisher> logger) : IWebSubPublisher
{
    public async Task PublishAsync(IEnumerable<string> topics, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(topics);
        List<string> all = [.. topics.Distinct(StringComparer.Ordinal)];
        if (all.Exists(string.IsNullOrEmpty)) throw new ArgumentException("A topic is empty.", nameof(topics));

        var settings = options.Value;
        var publisher = new HubPublisher(new HubClient(http.Client, time) { Timeout = settings.Timeout }) { ApiKey = settings.ApiKey, Form = settings.PingForm };
        var failures = await Task.WhenAll(settings.Hubs.Distinct(StringComparer.Ordinal).Select(hub => PingAsync(publisher, hub, all, ct)));
        if (failures.Any(f => f.Count > 0)) throw new WebSubPublishException([.. failures.SelectMany(f => f)]);
    }

    private async Task<List<WebSubPublishFailure>> PingAsync(HubPublisher publisher, string hub, List<string> topics, CancellationToken cancellationToken)
    {
        var failures = new List<WebSubPublishFailure>();
        HubResponse? absent = null;
        foreach (var topic in topics)
        {
            // A hub that is not there for one topic will not be there for the next; waiting out every time-out helps nobody.
            var response = absent ?? await publisher.PingAsync(hub, topic, cancellationToken);
            if (response.IsAccepted)
            {
                LogAccepted(topic, hub, response.StatusCode);
                continue;
            }

            LogFailed(topic, hub, response.Explanation);
            failures.Add(new(hub, topic, response.Explanation));
            if (response.StatusCode == 0) absent = response;
        }

        return failures;
    }

    [LoggerMessage(3001, LogLevel.Information, "Told the hub {Hub} that {Topic} changed; it answered {Status}", EventName = "PingAccepted")]
    private partial void LogAccepted(string topic, string hub, int status);

    [LoggerMessage(3002, LogLevel.Warning, "Could not tell the hub {Hub} that {Topic} changed: {Explanation}", EventName = "PingFailed")]
    private partial void LogFailed(string topic, string hub, string explanation);
}
