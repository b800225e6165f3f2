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
internal sealed class CallerReader(IOptions<HubOptions> options)
{
    /// <summary>The prefix of a setting that holds the SHA-256 of a key, not the key.</summary>
    public const string HashMark = "sha256:";

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

    public Caller Read(HttpContext context)
    {
        var isLocal = TrustsLocal && LocalCaller.Is(context);
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return new(isLocal, null, HasWrongKey: false);

        const string Scheme = "Bearer ";
        var key = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim()))
            : [];
        var caller = new Caller(isLocal, null, HasWrongKey: true);
        foreach (var (name, known, hash) in _keys)
        {
            // Every key is compared, in constant time.
            if (CryptographicOperations.FixedTimeEquals(hash, key))
                caller = new(isLocal, name, HasWrongKey: false) { Scopes = known.Scopes };
        }

        return caller;
    }

    private static byte[] HashOf(string key) =>
        key.StartsWith(HashMark, StringComparison.Ordinal)
            ? Convert.FromHexString(key[HashMark.Length..])
            : SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
