namespace WebSub.Subscriber.Tunnels;

/// <summary>A public address that a program on this machine forwards to a local port.</summary>
/// <param name="Program">What provides it, as messages name it.</param>
/// <param name="Url">The public URL.</param>
/// <param name="Port">The local port; null if the program does not say.</param>
internal sealed record Tunnel(string Program, string Url, int? Port);
