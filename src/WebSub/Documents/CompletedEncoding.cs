using System.Globalization;
using System.Text;

namespace WebSub.Documents;

/// <summary>
/// A code page of the runtime for a script of the Far East, with the characters that the Encoding Standard has and it lacks: Hong Kong's in
/// Big5, those of JIS X 0212 in EUC-JP, those that Shift_JIS has twice, a few in GB 18030. They are in <c>Characters.txt</c>: below the
/// name of an encoding each line is a code, and the characters from there on, or after <c>=</c> what this one code stands for.
/// </summary>
internal sealed class CompletedEncoding : Encoding
{
    private const string Resource = "WebSub.Documents.Characters.txt";

    private static readonly Lazy<Dictionary<string, Dictionary<int, string>>> Characters = new(ReadCharacters);

    private static readonly Dictionary<int, string> NoOthers = [];

    private readonly Encoding _runtime;
    private readonly string _name;
    private readonly Dictionary<int, string> _characters;

    private CompletedEncoding(Encoding runtime, string name)
        : base(runtime.CodePage, runtime.EncoderFallback, runtime.DecoderFallback) =>
        (_runtime, _name, _characters) = (runtime, name, Characters.Value.GetValueOrDefault(name, NoOthers));

    /// <summary>A code page, completed.</summary>
    /// <param name="runtime">The code page.</param>
    /// <param name="name">The encoding's name in the standard.</param>
    public static CompletedEncoding Of(Encoding runtime, string name) => new(runtime, name);

    /// <inheritdoc/>
    public override string WebName => _runtime.WebName;

    /// <inheritdoc/>
    public override string EncodingName => _runtime.EncodingName;

    /// <inheritdoc/>
    public override object Clone() => new CompletedEncoding((Encoding)_runtime.Clone(), _name);

    /// <summary>The same, with another answer to bytes that stand for nothing.</summary>
    public CompletedEncoding With(DecoderFallback fallback)
    {
        var runtime = (Encoding)_runtime.Clone();
        runtime.DecoderFallback = fallback;
        return new(runtime, _name);
    }

    /// <inheritdoc/>
    public override int GetByteCount(char[] chars, int index, int count) => _runtime.GetByteCount(chars, index, count);

    /// <inheritdoc/>
    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        _runtime.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    /// <inheritdoc/>
    public override int GetCharCount(byte[] bytes, int index, int count) => Decode(bytes.AsSpan(index, count)).Length;

    /// <inheritdoc/>
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var text = Decode(bytes.AsSpan(byteIndex, byteCount));
        text.CopyTo(chars.AsSpan(charIndex));
        return text.Length;
    }

    /// <inheritdoc/>
    public override string GetString(byte[] bytes, int index, int count) => Decode(bytes.AsSpan(index, count));

    /// <inheritdoc/>
    public override int GetMaxByteCount(int charCount) => _runtime.GetMaxByteCount(charCount);

    // One code of Big5 is two characters, and a run that the runtime reads may have one more than bytes.
    /// <inheritdoc/>
    public override int GetMaxCharCount(int byteCount) => 2 * (byteCount + 1);

    private string Decode(ReadOnlySpan<byte> bytes)
    {
        StringBuilder? text = null;
        var (at, start) = (0, 0);
        while (at < bytes.Length)
        {
            if (bytes[at] < 0x80)
            {
                at++;
                continue;
            }

            var length = Length(bytes[at..]);
            if (_characters.TryGetValue(Code(bytes.Slice(at, length)), out var characters))
            {
                text ??= new(bytes.Length);
                text.Append(OfTheRuntime(bytes[start..at])).Append(characters);
                start = at + length;
            }

            at += length;
        }

        return text is null ? OfTheRuntime(bytes) : text.Append(OfTheRuntime(bytes[start..])).ToString();
    }

    // Bytes that stand for nothing the runtime keeps as characters for private use; in Shift_JIS and GB 18030 some codes do mean those.
    private string OfTheRuntime(ReadOnlySpan<byte> bytes)
    {
        var text = _runtime.GetString(bytes);
        var (first, last) = _name switch
        {
            "shift_jis" => ('\uf8f0', '\uf8f3'),
            "gb18030" => ('\uffff', '\uffff'),
            _ => ('\ue000', '\uf8ff'),
        };
        if (text.AsSpan().IndexOfAnyInRange(first, last) < 0)
            return text;
        if (_runtime.DecoderFallback is DecoderExceptionFallback)
            throw new DecoderFallbackException($"Some of the bytes are not {_name}.");
        return string.Concat(text.Select(c => c >= first && c <= last ? '\ufffd' : c));
    }

    /// <summary>How many bytes the character has that begins here; 1 for what begins none.</summary>
    private int Length(ReadOnlySpan<byte> bytes)
    {
        var isLead = _name switch
        {
            "shift_jis" => bytes[0] is (>= 0x81 and <= 0x9f) or (>= 0xe0 and <= 0xfc),
            "euc-jp" => bytes[0] is 0x8e or 0x8f or (>= 0xa1 and <= 0xfe),
            _ => bytes[0] is >= 0x81 and <= 0xfe,
        };
        if (!isLead || bytes.Length < 2)
            return 1;
        if (_name == "gb18030" && bytes[1] is >= 0x30 and <= 0x39)
            return Math.Min(4, bytes.Length);
        if (_name == "euc-jp" && bytes[0] == 0x8f)
            return bytes[1] < 0x80 || bytes.Length < 3 || bytes[2] < 0x80 ? 1 : 3;
        // No second byte of any of them is below.
        return bytes[1] < 0x40 ? 1 : 2;
    }

    private static int Code(ReadOnlySpan<byte> bytes)
    {
        var code = 0;
        foreach (var b in bytes)
            code = (code << 8) | b;
        return code;
    }

    private static Dictionary<string, Dictionary<int, string>> ReadCharacters()
    {
        using var stream = typeof(CompletedEncoding).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream, UTF8);
        var all = new Dictionary<string, Dictionary<int, string>>(StringComparer.Ordinal);
        Dictionary<int, string> codes = [];
        while (reader.ReadLine() is { } line)
        {
            var end = line.AsSpan().IndexOfAny(' ', '=');
            if (end < 0)
            {
                all.Add(line, codes = []);
                continue;
            }

            var code = int.Parse(line.AsSpan(0, end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (line[end] == '=')
            {
                codes.Add(code, line[(end + 1)..]);
                continue;
            }

            foreach (var character in line.AsSpan(end + 1).EnumerateRunes())
                codes.Add(code++, character.ToString());
        }

        return all;
    }
}
