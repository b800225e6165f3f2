using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace WebSub.Signatures;

/// <summary>Writes and checks <c>X-Hub-Signature: method=hex</c> over the raw bytes of a body (§7.1, C1–C9).</summary>
public static class HubSignature
{
    private const int MaxHashBytes = 64;

    /// <summary>The name of a method on the wire, for example <c>sha256</c>.</summary>
    public static string NameOf(SignatureMethod method) =>
        method switch
        {
            SignatureMethod.Sha1 => "sha1",
            SignatureMethod.Sha256 => "sha256",
            SignatureMethod.Sha384 => "sha384",
            SignatureMethod.Sha512 => "sha512",
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "Not a signature method."),
        };

    /// <summary>Reads a method name. Names are lower case (C2); <c>SHA256</c> is not one (C8).</summary>
    public static bool TryParseMethod(ReadOnlySpan<char> name, out SignatureMethod method)
    {
        (var known, method) = name switch
        {
            "sha1" => (true, SignatureMethod.Sha1),
            "sha256" => (true, SignatureMethod.Sha256),
            "sha384" => (true, SignatureMethod.Sha384),
            "sha512" => (true, SignatureMethod.Sha512),
            _ => (false, default),
        };
        return known;
    }

    /// <summary>The header's value for a body, in lower-case hex.</summary>
    public static string Compute(SignatureMethod method, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[MaxHashBytes];
        var name = NameOf(method);
        var length = Hash(method, secret, body, hash);
        Span<char> header = stackalloc char[name.Length + 1 + (MaxHashBytes * 2)];
        name.CopyTo(header);
        header[name.Length] = '=';
        Convert.TryToHexStringLower(hash[..length], header[(name.Length + 1)..], out var hexLength);
        return new string(header[..(name.Length + 1 + hexLength)]);
    }

    /// <summary>
    /// Checks a header against a body, in time that does not depend on where they differ. Upper- and lower-case hex are both accepted;
    /// a malformed header is never valid.
    /// </summary>
    public static SignatureVerdict Verify(string? header, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> body)
    {
        if (string.IsNullOrEmpty(header))
            return SignatureVerdict.Missing;
        if (!TryRead(header, out var method, out var claimed, out var fault))
            return fault.Value;

        Span<byte> actual = stackalloc byte[MaxHashBytes];
        var length = Hash(method, secret, body, actual);
        if (claimed.Length != length)
            return SignatureVerdict.Malformed;
        return CryptographicOperations.FixedTimeEquals(actual[..length], claimed) ? SignatureVerdict.Valid : SignatureVerdict.Mismatch;
    }

    private static bool TryRead(
        string header,
        out SignatureMethod method,
        out ReadOnlySpan<byte> hash,
        [NotNullWhen(false)] out SignatureVerdict? fault
    )
    {
        method = default;
        hash = default;
        fault = SignatureVerdict.Malformed;
        var equals = header.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            return false;
        if (!TryParseMethod(header.AsSpan(0, equals), out method))
        {
            fault = SignatureVerdict.UnknownMethod;
            return false;
        }

        var hex = header.AsSpan(equals + 1);
        var bytes = new byte[MaxHashBytes];
        if (
            hex.Length > MaxHashBytes * 2
            || Convert.FromHexString(hex, bytes, out _, out var written) != System.Buffers.OperationStatus.Done
        )
            return false;
        hash = bytes.AsSpan(0, written);
        fault = null;
        return true;
    }

    [SuppressMessage(
        "Security",
        "CA5350:Do Not Use Weak Cryptographic Algorithms",
        Justification = "HMAC-SHA1 is one of the four methods of §7.1; some peers in use support no other."
    )]
    private static int Hash(SignatureMethod method, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> body, Span<byte> destination) =>
        method switch
        {
            SignatureMethod.Sha1 => HMACSHA1.HashData(secret, body, destination),
            SignatureMethod.Sha256 => HMACSHA256.HashData(secret, body, destination),
            SignatureMethod.Sha384 => HMACSHA384.HashData(secret, body, destination),
            SignatureMethod.Sha512 => HMACSHA512.HashData(secret, body, destination),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "Not a signature method."),
        };
}
