using System.Text.RegularExpressions;
using WebSub.Http;

namespace WebSub.LoadTests.Processes;

/// <summary>The hub's server, with its endpoint as subscribers and publishers use it.</summary>
internal sealed partial class HubProcess : IAsyncDisposable
{
    private const int Callers = 32;
    private readonly ChildProcess _process;
    private readonly HttpClient _client = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

    private HubProcess(ChildProcess process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    /// <summary>The server itself.</summary>
    public ChildProcess Process => _process;

    /// <summary>The memory that the server takes now.</summary>
    public long ResidentBytes => _process.ResidentBytes;

    /// <summary>Starts it.</summary>
    /// <param name="connectionString">Its database.</param>
    /// <param name="settings">More settings, as environment variables.</param>
    /// <param name="cancellationToken">Cancels the wait for it.</param>
    /// <param name="server">Another build of the server; null means ours.</param>
    public static async Task<HubProcess> StartAsync(
        string connectionString,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken,
        string? server = null
    )
    {
        var environment = new Dictionary<string, string>(settings)
        {
            ["ConnectionStrings__WebSub"] = connectionString,
            ["WebSub__Outbound__AllowPrivateNetworks"] = "true",
            // All callbacks are on one host, which would otherwise get only ten verification requests a second.
            ["WebSub__Hub__Verification__PerHostPerMinute"] = "1000000",
        };
        var process = ChildProcess.StartDotNet(server ?? Clone.Server, ["--urls", "http://127.0.0.1:0"], environment);
        try
        {
            var listening = await process.WaitForLineAsync(ListeningPattern(), cancellationToken);
            return new(process, $"{listening.Groups["url"].Value}/hub");
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends the requests, many at a time; each is verified later.</summary>
    /// <param name="subscriptions">What to subscribe to.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="callers">How many requests are sent at a time.</param>
    public Task SubscribeAsync(IEnumerable<Subscription> subscriptions, CancellationToken cancellationToken, int callers = Callers) =>
        RequestAsync("subscribe", subscriptions, callers, cancellationToken);

    /// <summary>The same for the end of subscriptions.</summary>
    public Task UnsubscribeAsync(IEnumerable<Subscription> subscriptions, CancellationToken cancellationToken) =>
        RequestAsync("unsubscribe", subscriptions, Callers, cancellationToken);

    private Task RequestAsync(string mode, IEnumerable<Subscription> subscriptions, int callers, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            subscriptions,
            Many(cancellationToken, callers),
            async (subscription, token) =>
            {
                using var form = new FormUrlEncodedContent([
                    new("hub.mode", mode),
                    new("hub.topic", subscription.Topic),
                    new("hub.callback", subscription.Callback),
                    new("hub.secret", subscription.Secret),
                ]);
                await PostAsync(Url, form, token);
            }
        );

    /// <summary>Publishes an update to a topic; it is stored when this returns.</summary>
    public async Task PublishAsync(string topic, byte[] content, CancellationToken cancellationToken)
    {
        using var body = new ByteArrayContent(content);
        body.Headers.TryAddWithoutValidation("Content-Type", Updates.ContentType);
        await PostAsync($"{Url}?hub.mode=publish&hub.topic={Uri.EscapeDataString(topic)}", body, cancellationToken);
    }

    /// <summary>Publishes an update to many topics, many at a time.</summary>
    public Task PublishAsync(IEnumerable<string> topics, byte[] content, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(topics, Many(cancellationToken), async (topic, token) => await PublishAsync(topic, content, token));

    /// <summary>Pings topics; each is fetched later.</summary>
    public async Task PingAsync(IEnumerable<string> topics, CancellationToken cancellationToken)
    {
        foreach (var some in topics.Chunk(100))
        {
            using var form = new FormUrlEncodedContent([
                new("hub.mode", "publish"),
                .. some.Select(t => KeyValuePair.Create("hub.url", t)),
            ]);
            await PostAsync(Url, form, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }

    private static ParallelOptions Many(CancellationToken cancellationToken, int callers = Callers) =>
        new() { MaxDegreeOfParallelism = callers, CancellationToken = cancellationToken };

    private async Task PostAsync(string url, HttpContent content, CancellationToken cancellationToken)
    {
        using var response = await _client.PostAsync(new Uri(url), content, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException(
                $"The hub answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}"
            );
    }

    [GeneratedRegex(@"Now listening on: (?<url>http://\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ListeningPattern();
}
