namespace WebSub.Signatures;

/// <summary>The HMAC methods of §7.1.</summary>
public enum SignatureMethod
{
    /// <summary><c>sha1</c>: for old subscribers only (C7).</summary>
    Sha1,

    /// <summary><c>sha256</c>: the default.</summary>
    Sha256,

    /// <summary><c>sha384</c>.</summary>
    Sha384,

    /// <summary><c>sha512</c>.</summary>
    Sha512,
}
