using System.Text;
using System.Text.RegularExpressions;

namespace WebSub.Conformance.Peers;

/// <summary>Takes the secrets of subscriptions out of what was said, whichever way they were written.</summary>
internal static partial class Secrets
{
    /// <summary>What stands in their place.</summary>
    public const string Hidden = "***";

    private const int LeastKey = 6;
    private const int LongestName = 100;
    private const int Patience = 10_000;
    private const string Name = "(hub[^\"=&\\r\\n]{0,8})?secret[^\"=&\\r\\n]{0,8}";

    /// <summary>The text without secrets: in forms and queries, JSON, and the parts of multipart bodies.</summary>
    /// <param name="text">The text.</param>
    /// <param name="key">What must not be in it wherever it stands; null for nothing.</param>
    public static string Hide(string text, string? key = null)
    {
        // A shorter one is no secret, and hiding it would hide everything.
        if (key is { Length: >= LeastKey })
            text = text.Replace(key, Hidden, StringComparison.Ordinal);
        text = HideFields(text);
        text = Member().Replace(text, $"${{before}}\"{Hidden}\"");
        return Part().Replace(text, $"${{before}}{Hidden}");
    }

    // What precedes a field may be another one whose value is a sentence: each name is looked at.
    private static string HideFields(string text)
    {
        var shown = new StringBuilder(text.Length);
        var from = 0;
        foreach (Match field in Field().Matches(text))
        {
            var value = field.Index + field.Length;
            if (field.Index < from || !IsSecret(field.ValueSpan[..^1]))
                continue;
            shown.Append(text, from, value - from).Append(Hidden);
            var length = text.AsSpan(value).IndexOfAny("&\r\n");
            from = length < 0 ? text.Length : value + length;
        }

        return shown.Append(text, from, text.Length - from).ToString();
    }

    private static bool IsSecret(ReadOnlySpan<char> name) =>
        Whole().IsMatch(Uri.UnescapeDataString(name.Length > LongestName ? name[^LongestName..] : name));

    [GeneratedRegex(@"(?<![\w.%\[\]-])(?>[\w.%\[\]-]+)=", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Field();

    [GeneratedRegex($"(^|\\W){Name}$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Patience)]
    private static partial Regex Whole();

    /// <summary>The value ends where the text was cut, at the latest.</summary>
    [GeneratedRegex(
        $"(?<before>\"{Name}\"\\s*:\\s*)(\"(?>(\\\\.|[^\"\\\\])*)\"?|[^\\s,\\]}}\"]+)",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline,
        Patience
    )]
    private static partial Regex Member();

    /// <summary>The headers of a part are few; without a bound, a text that only begins like one would be read again and again.</summary>
    [GeneratedRegex(
        $"(?<before>\\bname=\"?{Name}\"?(?>[^\\r\\n]*)(?>(\\r?\\n[^\\r\\n]+){{0,10}})\\r?\\n\\r?\\n).*?(?=\\r?\\n--|\\z)",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline,
        Patience
    )]
    private static partial Regex Part();
}
