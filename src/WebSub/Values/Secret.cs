using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace WebSub.Values;

/// <summary>A <c>hub.secret</c>: 1 to 199 bytes of UTF-8 (S11). It never prints itself.</summary>
public sealed class Secret
{
    /// <summary>The maximum length of a secret, in bytes: §5.1 says less than 200.</summary>
    public const int MaxBytes = 199;

    private readonly byte[] _bytes;

    private Secret(string value, byte[] bytes) => (Value, _bytes) = (value, bytes);

    /// <summary>The secret as text, as it goes to the hub.</summary>
    public string Value { get; }

    /// <summary>The HMAC key.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads a secret; <paramref name="error"/> ends the sentence "hub.secret …" and never repeats the secret.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Secret? secret, [NotNullWhen(false)] out string? error)
    {
        secret = null;
        error = null;
        if (string.IsNullOrEmpty(text))
        {
            error = "is empty; leave it out to get unsigned deliveries";
            return false;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > MaxBytes)
        {
            error = $"has {bytes.Length} bytes; it must have fewer than 200 (W3C WebSub §5.1)";
            return false;
        }

        secret = new(text, bytes);
        return true;
    }

    /// <summary>The secret <paramref name="text"/>.</summary>
    /// <exception cref="ArgumentException">The text is empty or longer than <see cref="MaxBytes"/>.</exception>
    public static Secret Parse(string text) =>
        TryParse(text, out var secret, out var error) ? secret : throw new ArgumentException($"The secret {error}.", nameof(text));

    /// <summary>A new secret of 256 random bits, in hexadecimal (S9).</summary>
    public static Secret Generate() => Parse(RandomNumberGenerator.GetHexString(64, lowercase: true));

    /// <summary>Stars, whatever the secret.</summary>
    public override string ToString() => "***";
}
