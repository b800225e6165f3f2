using System.Text;

namespace WebSub.Predicates;

/// <summary>
/// The normal form that subscriptions and messages share: upper-case, each element followed by a dot. A topic covers a message exactly when
/// its key is a prefix of the message's key; the dots limit that to whole elements.
/// </summary>
internal static class PredicateKey
{
    /// <summary>
    /// The key of a valid predicate without a wildcard: <c>un.cefact</c> and <c>UN.CEFACT.</c> are both <c>UN.CEFACT.</c>.
    /// </summary>
    public static string Of(string predicate) => predicate.TrimEnd('.').ToUpperInvariant() + ".";

    /// <summary>
    /// What is wrong with a predicate, in a subscription or a message, as a sentence; null if nothing is. The wildcard and a trailing dot
    /// have been removed already.
    /// </summary>
    public static string? Fault(string predicate)
    {
        if (predicate.Contains('/', StringComparison.Ordinal))
            return "topic should contain dots, not slashes";
        if (predicate.AsSpan().ContainsAnyInRange('\0', '\u001f') || predicate.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
            return "Predicate must not contain control characters";
        if (predicate.Split('.').Any(e => e.Length == 0))
            return "Predicate must not contain empty elements";
        if (predicate.AsSpan().Count('.') >= Predicate.MaxElements)
            return $"Predicate must not have more than {Predicate.MaxElements} elements";
        if (!IsUnicode(predicate))
            return "Predicate must be valid Unicode text";
        return Bytes(predicate) >= Predicate.MaxBytes || Bytes(Of(predicate)) > Predicate.MaxBytes
            ? $"Predicate must not have more than {Predicate.MaxBytes} bytes"
            : null;
    }

    private static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    private static bool IsUnicode(string text)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != System.Buffers.OperationStatus.Done)
                return false;
            rest = rest[used..];
        }

        return true;
    }
}
