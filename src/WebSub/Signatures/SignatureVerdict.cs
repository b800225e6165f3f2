namespace WebSub.Signatures;

/// <summary>What checking an <c>X-Hub-Signature</c> found. Only <see cref="Valid"/> may be processed.</summary>
public enum SignatureVerdict
{
    /// <summary>The signature matches these bytes and this secret.</summary>
    Valid,

    /// <summary>There is no header (C6).</summary>
    Missing,

    /// <summary>The header is not <c>method=hex</c>, or its hex has the wrong length (C8).</summary>
    Malformed,

    /// <summary>The method is not one of sha1, sha256, sha384, sha512 (C8).</summary>
    UnknownMethod,

    /// <summary>The signature is for other bytes or another secret (C5).</summary>
    Mismatch,
}
