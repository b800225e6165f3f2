using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using WebSub.Access;

namespace WebSub.Hub.Access;

/// <summary>
/// Determines who sends a request: a caller with a key (<c>Authorization: Bearer KEY</c>), a local caller (the peer is loopback, Host is
/// localhost, 127.0.0.1 or [::1], no header reveals a proxy, and no page of another origin made a browser send it), or an unknown caller. A
/// proxy on this machine can look exactly like a local caller and let the world in, so a hub with a public URL treats no caller as local
/// unless a setting says so (ADR 3).
/// </summary>
internal sealed class CallerReader(IOptions<HubOptions> options, StoredKeys stored)
{
    /// <summary>The prefix of a setting that holds the SHA-256 of a key, not the key.</summary>
    public const string HashMark = "sha256:";

    private static readonly object Answered = new();

    private readonly List<(string Name, ApiKey Key, byte[] Hash)> _keys =
    [
        .. options.Value.ApiKeys.Select(k => (k.Key, k.Value, HashOf(k.Value.Key))),
    ];

    /// <summary>Whether callers on this machine need no key.</summary>
    public bool TrustsLocal { get; } =
        options.Value.LocalCallers switch
        {
            LocalCallers.Always => true,
            LocalCallers.Never => false,
            _ => options.Value.PublicUrl is null or { IsLoopback: true },
        };

    /// <summary>The sender; the same for the whole of a request.</summary>
    public async ValueTask<Caller> ReadAsync(HttpContext context)
    {
        if (context.Items.TryGetValue(Answered, out var known))
            return (Caller)known!;
        var caller = await RecogniseAsync(context);
        context.Items[Answered] = caller;
        return caller;
    }

    private async ValueTask<Caller> RecogniseAsync(HttpContext context)
    {
        var isLocal = TrustsLocal && LocalCaller.Is(context);
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return new(isLocal, null, HasWrongKey: false);

        const string Scheme = "Bearer ";
        var unknown = new Caller(isLocal, null, HasWrongKey: true);
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return unknown;
        var token = header[Scheme.Length..].Trim();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        return Configured(hash, isLocal) ?? await StoredAsync(token, hash, isLocal, context.RequestAborted) ?? unknown;
    }

    private Caller? Configured(byte[] key, bool isLocal)
    {
        Caller? caller = null;
        foreach (var (name, known, hash) in _keys)
        {
            // Every key is compared, in constant time.
            if (CryptographicOperations.FixedTimeEquals(hash, key))
                caller = new(isLocal, name, HasWrongKey: false) { Scopes = known.Scopes };
        }

        return caller;
    }

    private async ValueTask<Caller?> StoredAsync(string token, byte[] hash, bool isLocal, CancellationToken cancellationToken) =>
        token.StartsWith(StoredKeys.Mark, StringComparison.Ordinal) && await stored.FindAsync(hash, cancellationToken) is { } row
            ? new(isLocal, row.Name, HasWrongKey: false) { Scopes = row.ParsedScopes }
            : null;

    private static byte[] HashOf(string key) =>
        key.StartsWith(HashMark, StringComparison.Ordinal)
            ? Convert.FromHexString(key[HashMark.Length..])
            : SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
