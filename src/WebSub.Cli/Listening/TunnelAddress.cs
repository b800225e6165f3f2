using WebSub.Subscriber.Tunnels;

namespace WebSub.Cli.Listening;

/// <summary><c>--public-url auto</c>: the tunnel of ngrok, cloudflared or dev tunnels that runs on this machine.</summary>
internal static class TunnelAddress
{
    public const string Auto = "auto";

    /// <summary>The settings with the tunnel's address and port; null after saying why there is none.</summary>
    public static async Task<ListenSettings?> FindAsync(ListenSettings settings, CancellationToken cancellationToken)
    {
        if (settings.PublicUrl != Auto)
            return settings;
        var search = new TunnelSearch(new TunnelPlaces());
        var found = await search.FindAsync(cancellationToken);
        if (TunnelChoice.Of(found, settings.Port is { } wanted ? new HashSet<int> { wanted } : [], out var fault) is not { } tunnel)
        {
            var where = found.Count == 0 ? $": {search.Places}" : "";
            Report.Complain(
                $"--public-url is auto, but {fault!.Replace("this app", "this command", StringComparison.Ordinal)}{where}. "
                    + "Start one (for example \"ngrok http 8080\") and give its port (--port 8080), or the public address."
            );
            return null;
        }

        if ((settings.Port ?? tunnel.Port) is not { } port)
        {
            Report.Complain($"The {tunnel.Program} tunnel {tunnel.Url} does not say which port it leads to: --port chooses it.");
            return null;
        }

        Report.Note($"the public URL is {tunnel.Url}, from {tunnel.Program}; it must lead to port {port}.");
        return settings with { PublicUrl = tunnel.Url.TrimEnd('/'), Port = port, IsTunnel = true };
    }
}
