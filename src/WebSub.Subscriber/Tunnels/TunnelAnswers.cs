using System.Text.Json;

namespace WebSub.Subscriber.Tunnels;

/// <summary>Reads what programs say about their tunnels. Whatever else may listen on their ports says nothing that counts.</summary>
internal static class TunnelAnswers
{
    /// <summary>What ngrok answers at <c>/api/tunnels</c>.</summary>
    public static IEnumerable<Tunnel> OfNgrok(JsonElement answer)
    {
        if (Property(answer, "tunnels") is not { ValueKind: JsonValueKind.Array } tunnels)
            yield break;
        foreach (var tunnel in tunnels.EnumerateArray())
        {
            if (Text(tunnel, "public_url") is { } url && IsBaseUrl(url))
                yield return new("ngrok", url, Property(tunnel, "config") is { } config ? PortOf(Text(config, "addr")) : null);
        }
    }

    /// <summary>What cloudflared answers at <c>/quicktunnel</c>; the name is empty where it runs a named tunnel.</summary>
    public static IEnumerable<Tunnel> OfCloudflared(JsonElement answer)
    {
        if (Text(answer, "hostname") is { Length: > 0 } host && IsBaseUrl($"https://{host}"))
            yield return new("cloudflared", $"https://{host}", null);
    }

    /// <summary>Whether paths can be appended to it.</summary>
    public static bool IsBaseUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed)
        && parsed is { Scheme: "http" or "https", Query.Length: 0, Fragment.Length: 0, UserInfo.Length: 0 };

    /// <summary>The port of <c>http://localhost:5000</c>, <c>localhost:5000</c> or <c>5000</c>.</summary>
    private static int? PortOf(string? address)
    {
        if (address is null)
            return null;
        if (int.TryParse(address, out var port))
            return port;
        var url = address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}";
        return Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed.Port : null;
    }

    private static JsonElement? Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}
