using System.Text;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.Conformance.Publisher;

/// <summary>
/// A hub of the check's own that a publisher may name: it takes pings, and remembers them. What comes to it shows that the publisher tells
/// its hubs, which a delivery of another hub does not: that one may have looked by itself.
/// </summary>
internal sealed class OwnHub
{
    private const string Place = "/hub";
    private static readonly string[] TopicFields = [HubParameters.Url, $"{HubParameters.Url}[]", HubParameters.Topic];
    private readonly PeerServer _server;
    private volatile Transcript? _transcript;

    public OwnHub(PeerServer server, TimeProvider time)
    {
        _server = server;
        Pings = new(time);
        server.AddAt(Place, (request, _) => Task.FromResult(Take(request)));
    }

    public string Url => _server.PublicUrl + Place;

    /// <summary>What was sent to it with hub.mode=publish.</summary>
    public Inbox<Ping> Pings { get; }

    /// <summary>Fetches the topic, as a hub does at a ping; by default nobody does.</summary>
    public Func<Task<Visit?>> Fetch { get; set; } = () => Task.FromResult<Visit?>(null);

    /// <summary>True if the URL is its own, by whatever name of this machine.</summary>
    public bool Is(string hub) =>
        hub == Url
        || (
            VerbatimUrl.TryCreate(hub, out var url, out _)
            && url.IsLoopback
            && url.Port == _server.Port
            && url.Scheme == Uri.UriSchemeHttp
            && url.AbsolutePath == Place
        );

    /// <summary>What comes from now on is written down there.</summary>
    public void WriteTo(Transcript transcript) => _transcript = transcript;

    /// <summary>True if the ping names the topic, in whatever form hubs take (X4).</summary>
    public static bool Names(Ping ping, string topic) =>
        Forms(ping.Request)
            .SelectMany(f => TopicFields.SelectMany(f.All))
            .Any(t => t == topic || t.Split(',').Contains(topic, StringComparer.Ordinal));

    private PeerAnswer Take(ReceivedRequest request)
    {
        var answer = Answer(request);
        _transcript?.Received(request, answer);
        if (answer.Status == 202)
            Pings.Add(new(request, Fetch()));
        return answer;
    }

    private static PeerAnswer Answer(ReceivedRequest request) =>
        request.Method != "POST" ? PeerAnswer.Text(405, "a hub takes POST")
        : Forms(request).Any(f => f[HubParameters.Mode] == HubModes.Publish) ? PeerAnswer.Text(202)
        : PeerAnswer.Text(400, "this hub of websub check takes hub.mode=publish only");

    // Whoever pushes content has its fields in the query.
    private static IEnumerable<HubFields> Forms(ReceivedRequest request)
    {
        if (HubFields.TryParse(Encoding.UTF8.GetBytes(request.Query ?? ""), out var query, out _))
            yield return query;
        if (HubFields.TryParse(request.Body, out var form, out _))
            yield return form;
    }
}
