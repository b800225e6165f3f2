using System.Buffers;
using System.Globalization;
using System.Xml;
using AngleSharp.Html;

namespace WebSub.Documents;

/// <summary>Reads <c>&amp;name;</c> and <c>&amp;#number;</c>.</summary>
internal static class EntityReference
{
    private const int Longest = 40;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <param name="text">Text that starts with an ampersand.</param>
    public static (EntityReferenceKind Kind, int Length, string? Meaning) Read(ReadOnlySpan<char> text)
    {
        var end = text[..Math.Min(text.Length, Longest)].IndexOf(';');
        if (end < 2)
            return (EntityReferenceKind.None, 1, null);
        var name = text[1..end];
        if (name[0] == '#')
        {
            return Pair(text, end + 1) is var (pair, length)
                ? (EntityReferenceKind.OfHtml, length, pair)
                : (Number(name[1..]), end + 1, null);
        }

        if (name is "amp" or "lt" or "gt" or "quot" or "apos")
            return (EntityReferenceKind.OfXml, end + 1, null);
        // With its semicolon: HTML knows some names that do without.
        return HtmlEntityProvider.Resolver.GetSymbol(text[1..(end + 1)].ToString()) is { } meaning
            ? (EntityReferenceKind.OfHtml, end + 1, meaning)
            : (EntityReferenceKind.None, 1, null);
    }

    /// <summary>Programs that count in UTF-16 write a character as two references, neither of which is one.</summary>
    private static (string Pair, int Length)? Pair(ReadOnlySpan<char> text, int secondAt)
    {
        if (Surrogate(text[..secondAt]) is not { } high || !char.IsHighSurrogate(high))
            return null;
        var second = text[secondAt..];
        var end = second[..Math.Min(second.Length, Longest)].IndexOf(';');
        return end > 0 && Surrogate(second[..(end + 1)]) is { } low && char.IsLowSurrogate(low)
            ? ($"{high}{low}", secondAt + end + 1)
            : null;
    }

    private static char? Surrogate(ReadOnlySpan<char> reference)
    {
        if (reference is not ['&', '#', .. var digits, ';'])
            return null;
        var style = digits is ['x', ..] ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return int.TryParse(digits.TrimStart('x'), style, CultureInfo.InvariantCulture, out var value) && value is >= 0xd800 and <= 0xdfff
            ? (char)value
            : null;
    }

    private static EntityReferenceKind Number(ReadOnlySpan<char> digits)
    {
        var isHex = digits is ['x', ..];
        if (digits.Length > 0 && digits[(isHex ? 1 : 0)..].IndexOfAnyExcept(Digits) >= 0)
            return EntityReferenceKind.None;
        if (
            !int.TryParse(
                isHex ? digits[1..] : digits,
                isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
        )
            return digits.Length > (isHex ? 1 : 0) ? EntityReferenceKind.OfNoCharacter : EntityReferenceKind.None;
        var isCharacter = number switch
        {
            > 0x10ffff or < 0 => false,
            > 0xffff => true,
            _ => XmlConvert.IsXmlChar((char)number),
        };
        return isCharacter ? EntityReferenceKind.OfXml : EntityReferenceKind.OfNoCharacter;
    }
}
