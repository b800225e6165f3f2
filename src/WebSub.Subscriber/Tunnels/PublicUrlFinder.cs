using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Subscriber.Diagnostics;

namespace WebSub.Subscriber.Tunnels;

/// <summary>Replaces the public URL <c>auto</c> by that of the tunnel to this app, before anything uses it.</summary>
internal sealed class PublicUrlFinder(
    IOptions<WebSubSubscriberOptions> options,
    TunnelSearch search,
    IConfiguration configuration,
    ILogger<PublicUrlFinder> logger
)
{
    /// <exception cref="OptionsValidationException">There is no tunnel, or it is not clear which one.</exception>
    public async Task FindAsync(CancellationToken cancellationToken)
    {
        if (options.Value.PublicUrl != WebSubSubscriberOptions.AutoPublicUrl)
            return;
        if (options.Value.Role == WebSubSubscriberRole.Workers)
        {
            // It asks no hub for anything.
            options.Value.PublicUrl = null;
            return;
        }

        var found = await search.FindAsync(cancellationToken);
        if (TunnelChoice.Of(found, Ports(), out var fault) is not { } tunnel)
            throw Failure(found.Count == 0 ? $"{fault}: {search.Places}" : fault!);
        options.Value.PublicUrl = new(tunnel.Url);
        Log.Found(logger, tunnel.Url, tunnel.Program);
    }

    private static OptionsValidationException Failure(string fault) =>
        new(
            Options.DefaultName,
            typeof(WebSubSubscriberOptions),
            [
                $"WebSub:Subscriber:PublicUrl is \"auto\", but {fault}. Start one (for example \"ngrok http 5000\" with this app's port), "
                    + "or set PublicUrl to the URL at which hubs reach this app: for a hub on this machine that is the app's own "
                    + "address, and no tunnel is needed.",
            ]
        );

    /// <summary>The ports of the addresses in the configuration; those set in code are not known before the server listens.</summary>
    private HashSet<int> Ports()
    {
        var ports = new HashSet<int>();
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]);
        foreach (var address in (configuration["urls"] ?? "").Split(';').Concat(endpoints))
        {
            // "http://*:5000" and "http://+:5000" are no URLs to Uri.
            var end = address?.LastIndexOf(':') ?? -1;
            if (end > 0 && TryParse(address.AsSpan(end + 1).TrimEnd('/'), out var port))
                ports.Add(port);
        }

        foreach (var list in (string?[])[configuration["http_ports"], configuration["https_ports"]])
        {
            foreach (var text in (list ?? "").Split(';'))
            {
                if (TryParse(text, out var port))
                    ports.Add(port);
            }
        }

        ports.Remove(0);
        return ports;
    }

    private static bool TryParse(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
}
