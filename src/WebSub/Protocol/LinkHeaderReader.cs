using System.Text;

namespace WebSub.Protocol;

/// <summary>Reads a <c>Link</c> header in one pass, link by link; the position never goes back.</summary>
internal struct LinkHeaderReader(string? value)
{
    private readonly string _text = value ?? "";
    private int _at;

    /// <summary>The text between the brackets.</summary>
    public string Target { get; private set; } = "";

    /// <summary>The first <c>rel</c> parameter, or null; later ones do not count (RFC 8288 §3.3).</summary>
    public string? Rel { get; private set; }

    /// <summary>The first <c>anchor</c> parameter, or null.</summary>
    public string? Anchor { get; private set; }

    private readonly bool AtEnd => _at >= _text.Length;

    /// <summary>Reads the next link; false when there is none.</summary>
    public bool MoveToNext()
    {
        while (!AtEnd)
        {
            SkipWhitespace();
            if (TryTake('<'))
            {
                var end = _text.IndexOf('>', _at);
                if (end < 0)
                    break;
                Target = _text[_at..end].Trim();
                _at = end + 1;
                ReadParameters();
                return true;
            }

            SkipToComma();
        }

        _at = _text.Length;
        return false;
    }

    /// <summary>Reads <c>; name=value</c> up to the comma that ends the link, and the comma too.</summary>
    private void ReadParameters()
    {
        Rel = null;
        Anchor = null;
        while (true)
        {
            SkipWhitespace();
            if (!TryTake(';'))
                break;
            SkipWhitespace();
            var name = TakeUntil("=;,").Trim();
            var parameter = TryTake('=') ? TakeValue() : "";
            if (name.Equals("rel", StringComparison.OrdinalIgnoreCase))
                Rel ??= parameter;
            else if (name.Equals("anchor", StringComparison.OrdinalIgnoreCase))
                Anchor ??= parameter;
        }

        SkipToComma();
    }

    private string TakeValue()
    {
        SkipWhitespace();
        if (!TryTake('"'))
            return TakeUntil(";,").Trim().ToString();
        var quoted = TakeQuoted();
        TakeUntil(";,");
        return quoted;
    }

    /// <summary>Reads a quoted string whose opening quote has been read; one that is never closed extends to the end.</summary>
    private string TakeQuoted()
    {
        var result = new StringBuilder();
        while (!AtEnd)
        {
            var c = _text[_at++];
            if (c == '"')
                break;
            if (c == '\\' && !AtEnd)
                c = _text[_at++];
            result.Append(c);
        }

        return result.ToString();
    }

    private void SkipToComma()
    {
        while (!AtEnd)
        {
            var c = _text[_at++];
            if (c == ',')
                return;
            if (c == '"')
                TakeQuoted();
        }
    }

    private ReadOnlySpan<char> TakeUntil(ReadOnlySpan<char> ends)
    {
        var rest = _text.AsSpan(Math.Min(_at, _text.Length));
        var length = rest.IndexOfAny(ends);
        var taken = length < 0 ? rest : rest[..length];
        _at += taken.Length;
        return taken;
    }

    private void SkipWhitespace()
    {
        while (!AtEnd && char.IsWhiteSpace(_text[_at]))
            _at++;
    }

    private bool TryTake(char expected)
    {
        if (AtEnd || _text[_at] != expected)
            return false;
        _at++;
        return true;
    }
}
