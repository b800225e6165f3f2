namespace WebSub.Hub.Storage;

/// <summary>An origin of callbacks, as in <c>https://subscriber.example</c>, and how statements find its callbacks.</summary>
internal sealed record CallbackOrigin
{
    /// <summary>
    /// The condition that a callback is one of this origin; its parameters are <see cref="Name"/> and <see cref="WithPort"/>.
    /// </summary>
    public static string Covers(string column) => $"({Begins(column, "@origin")} or {Begins(column, "@originWithPort")})";

    private CallbackOrigin(Uri url) =>
        (Name, WithPort, Host) = (
            $"{url.Scheme}://{url.Authority}",
            $"{url.Scheme}://{url.Host}:{url.Port}",
            url.IdnHost.ToLowerInvariant()
        );

    /// <summary>Scheme, host and, unless it is the usual one, port.</summary>
    public string Name { get; }

    /// <summary>The same with the port in any case.</summary>
    public string WithPort { get; }

    /// <summary>The host, as subscriptions keep it.</summary>
    public string Host { get; }

    /// <summary>The origin of a callback.</summary>
    public static CallbackOrigin? Of(string callback) =>
        Uri.TryCreate(callback, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? new(url) : null;

    /// <summary>An origin as somebody typed it; null if it is none.</summary>
    public static CallbackOrigin? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        && url is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
            ? new(url)
            : null;

    private static string Begins(string column, string parameter) =>
        $"(lower(substr({column}, 1, length({parameter}))) = {parameter} "
        + $"and substr({column}, length({parameter}) + 1, 1) in ('', '/', '?'))";
}
