using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using WebSub.Access;

namespace WebSub.Hub.Access;

/// <summary>
/// Determines who sends a request: a caller with a key (<c>Authorization: Bearer KEY</c>), the bearer of a token of the identity provider,
/// a local caller (the peer is loopback, Host is localhost, 127.0.0.1 or [::1], no header reveals a proxy, and no page of another origin
/// made a browser send it), or an unknown caller. A proxy on this machine can look exactly like a local caller and let the world in, so a
/// hub with a public URL treats no caller as local unless a setting says so (ADR 3).
/// </summary>
internal sealed class CallerReader(IOptions<HubOptions> options, StoredKeys stored)
{
    /// <summary>The prefix of a setting that holds the SHA-256 of a key, not the key.</summary>
    public const string HashMark = "sha256:";

    /// <summary>What the audit log puts before the subject of a token, so that it is no key's name.</summary>
    private const string TokenMark = "jwt:";

    private const string ScopeMark = "websub:";

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

    /// <summary>Whether there are tokens beside keys.</summary>
    public bool KnowsTokens => options.Value.Jwt.Scheme is not null;

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
        return Configured(hash, isLocal)
            ?? await StoredAsync(token, hash, isLocal, context.RequestAborted)
            ?? await BearerAsync(context, token, isLocal)
            ?? unknown;
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

    /// <summary>The bearer of a token of the identity provider.</summary>
    private async ValueTask<Caller?> BearerAsync(HttpContext context, string token, bool isLocal)
    {
        // A signed token has three parts, an encrypted one five.
        if (options.Value.Jwt.Scheme is not { } scheme || token.Count(c => c == '.') is not (2 or 4))
            return null;
        var result = await context.AuthenticateAsync(scheme);
        return result.Succeeded
            ? new(isLocal, TokenMark + NameOf(result.Principal), HasWrongKey: false) { Scopes = ScopesOf(result.Principal) }
            : null;
    }

    private static string NameOf(ClaimsPrincipal bearer) =>
        bearer.FindFirst("sub")?.Value
        ?? bearer.FindFirst(ClaimTypes.NameIdentifier)?.Value
        ?? bearer.FindFirst("client_id")?.Value
        ?? bearer.Identity?.Name
        ?? "unnamed";

    private List<ApiScope> ScopesOf(ClaimsPrincipal bearer)
    {
        var words = bearer.FindAll(options.Value.Jwt.ScopeClaim).SelectMany(c => c.Value.Split(' ')).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Enum.GetValues<ApiScope>()
                .Where(s => words.Contains(s.ToString().ToLowerInvariant()) || words.Contains(ScopeMark + s.ToString().ToLowerInvariant())),
        ];
    }

    private static byte[] HashOf(string key) =>
        key.StartsWith(HashMark, StringComparison.Ordinal)
            ? Convert.FromHexString(key[HashMark.Length..])
            : SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
