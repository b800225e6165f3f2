namespace WebSub.Hub;

/// <summary>
/// Bearer tokens of an identity provider, beside keys. The hub as a program reads them by the first three; an app that embeds a hub adds
/// an authentication scheme of its own, and names it.
/// </summary>
public sealed class JwtOptions
{
    /// <summary>The identity provider, whose discovery document is at <c>/.well-known/openid-configuration</c> below it.</summary>
    /// <value>Default: none, so that there are no tokens.</value>
    public Uri? Authority { get; set; }

    /// <summary>Whom a token must be for.</summary>
    /// <value>Default: none; required with an authority.</value>
    public string? Audience { get; set; }

    /// <summary>
    /// The claim that says what a token allows: <c>publish</c>, <c>read</c>, <c>administer</c>, separated by spaces or in several claims;
    /// with the prefix <c>websub:</c>, too.
    /// </summary>
    /// <value>Default: <c>scope</c>.</value>
    public string ScopeClaim { get; set; } = "scope";

    /// <summary>The authentication scheme that reads tokens.</summary>
    /// <value>Default: none; the hub as a program adds one where there is an authority.</value>
    public string? Scheme { get; set; }
}
