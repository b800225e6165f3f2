using System.Text.Json;
using WebSub.Http;

namespace WebSub.Subscriber.Tunnels;

/// <summary>Asks the programs that make tunnels, all at once, on this machine only.</summary>
internal sealed class TunnelSearch(TunnelPlaces places)
{
    /// <summary>Visual Studio sets it for a project that it runs behind a dev tunnel.</summary>
    public const string DevTunnel = "VS_TUNNEL_URL";

    /// <summary>cloudflared's own, for the address of its metrics.</summary>
    private const string CloudflaredMetrics = "TUNNEL_METRICS";
    private const int MaxAnswerBytes = 1024 * 1024;

    /// <summary>Where is looked: the end of a sentence.</summary>
    public string Places =>
        $"ngrok was asked at {string.Join(" and ", places.Ngrok)}, cloudflared at {string.Join(", ", Cloudflared())}, and the environment "
        + $"variable {DevTunnel} of dev tunnels is not set";

    /// <summary>The tunnel that was made for this very process, or all that there are.</summary>
    public async Task<IReadOnlyList<Tunnel>> FindAsync(CancellationToken cancellationToken)
    {
        if (places.Variable(DevTunnel) is { } own && TunnelAnswers.IsBaseUrl(own))
            return [new("dev tunnel", own, null)];
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        var found = await Task.WhenAll([
            .. places.Ngrok.Select(p => AskAsync(http, p + "/api/tunnels", TunnelAnswers.OfNgrok, cancellationToken)),
            .. Cloudflared().Select(p => AskAsync(http, p + "/quicktunnel", TunnelAnswers.OfCloudflared, cancellationToken)),
        ]);
        return [.. found.SelectMany(t => t)];
    }

    private IReadOnlyList<string> Cloudflared() =>
        places.Variable(CloudflaredMetrics) is { Length: > 0 } address
            ? [$"http://{(address.StartsWith(':') ? "127.0.0.1" : "")}{address.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)}"]
            : places.Cloudflared;

    private async Task<List<Tunnel>> AskAsync(
        HttpClient http,
        string url,
        Func<JsonElement, IEnumerable<Tunnel>> read,
        CancellationToken cancellationToken
    )
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(places.Patience);
        try
        {
            using var response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, over.Token);
            if (!response.IsSuccessStatusCode)
                return [];
            await using var body = await response.Content.ReadAsStreamAsync(over.Token);
            if (await BoundedBody.ReadAsync(body, MaxAnswerBytes, over.Token) is not { } bytes)
                return [];
            using var json = JsonDocument.Parse(bytes);
            return [.. read(json.RootElement)];
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or JsonException or UriFormatException or InvalidOperationException)
        {
            // Nobody listens there, or another program does.
            return [];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }
}
