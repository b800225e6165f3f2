using System.Text;

namespace WebSub.Discovery;

/// <summary>What the discovery tests share: a discovery that may reach a peer, and documents to serve.</summary>
internal static class DiscoveryFixture
{
    public const string Hub = "https://hub.example/";
    public const string Topic = "https://blog.example/feed";

    public static TopicDiscovery Finder { get; } = new(HttpPeer.Client);

    public static string LinkHeader { get; } = Protocol.LinkHeader.Write([Hub], Topic);

    public static string Html(string head, string body = "<p>Hello</p>") =>
        $"<!doctype html><html><head><title>x</title>{head}</head><body>{body}</body></html>";

    public static string Atom(string links, string entries = "") =>
        $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>x</title>{links}{entries}</feed>";

    public static string Rss(string links, string items = "") =>
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>x</title>"
        + $"<link>https://blog.example/</link>{links}{items}</channel></rss>";

    /// <summary>Serves one body and discovers it.</summary>
    public static async Task<DiscoveryResult> DiscoverAsync(
        string? contentType,
        byte[] body,
        DiscoveryOptions? options = null,
        params (string Name, string Value)[] headers
    )
    {
        await using var peer = await HttpPeer.ServeAsync(contentType, body, headers);
        return await Finder.DiscoverAsync(peer.Url + "/page", options);
    }

    public static Task<DiscoveryResult> DiscoverAsync(string? contentType, string body, params (string Name, string Value)[] headers) =>
        DiscoverAsync(contentType, Encoding.UTF8.GetBytes(body), null, headers);

    /// <summary>"hub hub → self (source)", to compare a whole result in one line.</summary>
    public static string Summary(DiscoveryResult result) =>
        result.IsSuccess
            ? $"{string.Join(' ', result.Hubs.Select(h => h.Url))} → {result.Self!.Url} ({result.Hubs[0].Source}, {result.Self.Source})"
            : result.Error.ToString();
}
