using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace WebSub.Protocol;

/// <summary>
/// The fields of one <c>hub.*</c> message, in order: the content of an <c>application/x-www-form-urlencoded</c> body or a query. Reading is
/// tolerant (unknown and repeated fields are kept, a stray <c>%</c> stands for itself), writing is exact (UTF-8, RFC 3986
/// percent-encoding).
/// </summary>
public sealed class HubFields
{
    /// <summary>More fields than this are not a WebSub message.</summary>
    public const int MaxCount = 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly List<KeyValuePair<string, string>> _items;

    /// <summary>Starts an empty message.</summary>
    public HubFields() => _items = [];

    /// <summary>Wraps fields that have been parsed already.</summary>
    public HubFields(IEnumerable<KeyValuePair<string, string>> fields) => _items = [.. fields];

    /// <summary>All fields, in the order given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Items => _items;

    /// <summary>The first value of the field, or null. Of repeated fields the first one counts; they are never joined.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (key, value) in _items)
            {
                if (key == name)
                    return value;
            }

            return null;
        }
    }

    /// <summary>Every value of the field.</summary>
    public IEnumerable<string> All(string name) => _items.Where(i => i.Key == name).Select(i => i.Value);

    /// <summary>Adds a field; a null value adds nothing.</summary>
    public HubFields Add(string name, string? value)
    {
        if (value is not null)
            _items.Add(new(name, value));
        return this;
    }

    /// <summary>Adds a number in its canonical decimal form; null adds nothing.</summary>
    public HubFields Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>The fields as a form body or query text, without a leading <c>?</c>.</summary>
    public override string ToString() =>
        string.Join('&', _items.Select(i => $"{Uri.EscapeDataString(i.Key)}={Uri.EscapeDataString(i.Value)}"));

    /// <summary>
    /// Reads a form body or a query. Fails, with a sentence that says what is wrong, only on bytes that are not UTF-8 and on more than
    /// <see cref="MaxCount"/> fields.
    /// </summary>
    public static bool TryParse(
        ReadOnlySpan<byte> form,
        [NotNullWhen(true)] out HubFields? fields,
        [NotNullWhen(false)] out string? error
    ) => TryParse(form, _ => true, out fields, out error);

    /// <summary>
    /// Reads the query of a request to a callback, in which a hub's or a proxy's own fields may stand. Bytes that are not UTF-8 are refused
    /// only in a field of WebSub; in others, and in <c>hub.reason</c>, which is for people to read, they become U+FFFD.
    /// </summary>
    public static bool TryParseCallback(
        ReadOnlySpan<byte> query,
        [NotNullWhen(true)] out HubFields? fields,
        [NotNullWhen(false)] out string? error
    ) => TryParse(query, name => name.StartsWith("hub.", StringComparison.Ordinal) && name != HubParameters.Reason, out fields, out error);

    private static bool TryParse(
        ReadOnlySpan<byte> form,
        Predicate<string> isExact,
        [NotNullWhen(true)] out HubFields? fields,
        [NotNullWhen(false)] out string? error
    )
    {
        fields = null;
        error = null;
        var result = new HubFields();
        try
        {
            foreach (var range in form.Split((byte)'&'))
            {
                var pair = form[range];
                if (pair.IsEmpty)
                    continue;
                if (result._items.Count == MaxCount)
                {
                    error = $"The form has more than {MaxCount} fields.";
                    return false;
                }

                var equals = pair.IndexOf((byte)'=');
                var name = equals < 0 ? pair : pair[..equals];
                var value = equals < 0 ? [] : pair[(equals + 1)..];
                var key = Unescape(name, Encoding.UTF8);
                if (isExact(key))
                    key = Unescape(name, Utf8);
                result._items.Add(new(key, Unescape(value, isExact(key) ? Utf8 : Encoding.UTF8)));
            }
        }
        catch (DecoderFallbackException)
        {
            error = "The form is not valid UTF-8 (W3C WebSub §5.1 asks for UTF-8).";
            return false;
        }

        fields = result;
        return true;
    }

    private static string Unescape(ReadOnlySpan<byte> text, Encoding encoding)
    {
        if (!text.ContainsAny((byte)'%', (byte)'+'))
            return encoding.GetString(text);

        Span<byte> buffer = text.Length <= 512 ? stackalloc byte[text.Length] : new byte[text.Length];
        var written = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && HexPair(text[i + 1], text[i + 2]) is >= 0 and var value)
            {
                buffer[written++] = (byte)value;
                i += 2;
            }
            else
            {
                buffer[written++] = text[i] == '+' ? (byte)' ' : text[i];
            }
        }

        return encoding.GetString(buffer[..written]);
    }

    private static int HexPair(byte high, byte low) => Hex(high) is >= 0 and var h && Hex(low) is >= 0 and var l ? (h << 4) | l : -1;

    private static int Hex(byte digit) =>
        digit switch
        {
            >= (byte)'0' and <= (byte)'9' => digit - '0',
            >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
            _ => -1,
        };
}
