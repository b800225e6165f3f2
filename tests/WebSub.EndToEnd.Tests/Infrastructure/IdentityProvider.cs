using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>A scripted identity provider on a loopback port: a discovery document, one key, and whatever tokens a test wants.</summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    private const string KeyId = "one";
    private readonly RSA _key = RSA.Create(2048);
    private readonly RSA _otherKey = RSA.Create(2048);
    private LoopbackServer? _server;

    /// <summary>What the hub's setting says.</summary>
    public string Authority => _server!.Url;

    public static async Task<IdentityProvider> StartAsync()
    {
        var provider = new IdentityProvider();
        provider._server = await LoopbackServer.StartAsync(provider.AnswerAsync);
        return provider;
    }

    /// <summary>A token; its subject is <c>ada</c>.</summary>
    /// <param name="scope">The claim <c>scope</c>; null for none.</param>
    /// <param name="audience">Whom it is for.</param>
    /// <param name="expires">When it expires.</param>
    /// <param name="isForged">Signed with a key that is not the provider's, under the name of the one that is.</param>
    /// <param name="issuer">Who issued it; null for the provider.</param>
    public string Token(string? scope, string audience, DateTimeOffset expires, bool isForged = false, string? issuer = null)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = issuer ?? Authority,
            ["sub"] = "ada",
            ["aud"] = audience,
            ["nbf"] = expires.AddHours(-2).ToUnixTimeSeconds(),
            ["exp"] = expires.ToUnixTimeSeconds(),
        };
        if (scope is not null)
            claims["scope"] = scope;
        var signed = $"{Part(new { alg = "RS256", typ = "JWT", kid = KeyId })}.{Part(claims)}";
        var signature = (isForged ? _otherKey : _key).SignData(
            Encoding.ASCII.GetBytes(signed),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>A token that says of itself that it need not be signed.</summary>
    public string Unsigned(string scope, string audience, DateTimeOffset expires)
    {
        var parts = Token(scope, audience, expires).Split('.');
        return $"{Part(new { alg = "none", typ = "JWT" })}.{parts[1]}.";
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _key.Dispose();
        _otherKey.Dispose();
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));

    private Task AnswerAsync(HttpContext context)
    {
        var key = _key.ExportParameters(includePrivateParameters: false);
        return (
            context.Request.Path.Value switch
            {
                "/.well-known/openid-configuration" => Results.Json(new { issuer = Authority, jwks_uri = Authority + "/keys" }),
                "/keys" => Results.Json(
                    new
                    {
                        keys = new[]
                        {
                            new
                            {
                                kty = "RSA",
                                use = "sig",
                                alg = "RS256",
                                kid = KeyId,
                                n = Base64Url.EncodeToString(key.Modulus),
                                e = Base64Url.EncodeToString(key.Exponent),
                            },
                        },
                    }
                ),
                _ => Results.NotFound(),
            }
        ).ExecuteAsync(context);
    }
}
