using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;

namespace WebSub.Conformance.Subscriber;

/// <summary>The topics of a run. The subscriber is told of one when a check first asks for it.</summary>
internal sealed class Scenes(SubscriberCheckOptions options, PeerServer server, HttpClient http, TimeProvider time, CancellationToken over)
{
    // The topic that most checks are about, and those that take its place if the subscriber did not find the hub of that.
    private static readonly TopicKind[] ForMost =
    [
        TopicKind.Headers,
        TopicKind.Page,
        TopicKind.Rss,
        TopicKind.Redirected,
        TopicKind.Relative,
        TopicKind.Notation,
        TopicKind.Atom,
    ];
    private readonly Dictionary<TopicKind, TopicScene> _all = Enum.GetValues<TopicKind>()
        .ToDictionary(k => k, k => new TopicScene(k, options, server, http, time, over));

    public IEnumerable<TopicScene> All => _all.Values;

    public TopicScene this[TopicKind kind] => _all[kind];

    /// <summary>The topic that most checks are about, with its request.</summary>
    /// <exception cref="CheckSkippedException">There is no subscription at all.</exception>
    public async Task<(TopicScene Scene, HubRequest Request)> MainAsync()
    {
        foreach (var kind in ForMost)
        {
            if (await this[kind].RequestAsync().ConfigureAwait(false) is { } request)
                return (this[kind], request);
        }

        throw new CheckSkippedException("no hub was asked for a subscription; see D7");
    }

    /// <summary>The first request for each topic whose hub was found.</summary>
    public async Task<IReadOnlyList<HubRequest>> RequestsAsync() =>
        [.. (await Task.WhenAll(All.Select(s => s.RequestAsync())).ConfigureAwait(false)).OfType<HubRequest>()];

    /// <summary>Ends when what made the subscriber subscribe has ended; its end was asked for before.</summary>
    public async Task CloseAsync()
    {
        foreach (var scene in All)
            await scene.CloseAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
