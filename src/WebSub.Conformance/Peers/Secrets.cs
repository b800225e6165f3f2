using System.Text.RegularExpressions;

namespace WebSub.Conformance.Peers;

/// <summary>Takes the secrets of subscriptions out of what was said, whichever way they were written.</summary>
internal static partial class Secrets
{
    /// <summary>What stands in their place.</summary>
    public const string Hidden = "***";

    private const string Name = "(hub[^\"=&\\r\\n]{0,8})?secret[^\"=&\\r\\n]{0,8}";

    /// <summary>The text without secrets: in forms and queries, JSON, and the parts of multipart bodies.</summary>
    public static string Hide(string text)
    {
        text = Field().Replace(text, m => IsSecret(m.Groups["name"].Value) ? $"{m.Groups["name"].Value}={Hidden}" : m.Value);
        text = Member().Replace(text, $"${{before}}\"{Hidden}\"");
        return Part().Replace(text, $"${{before}}{Hidden}");
    }

    private static bool IsSecret(string name) => Whole().IsMatch(Uri.UnescapeDataString(name));

    [GeneratedRegex("(?<=^|[&?\\n])(?<name>[^=&?\\r\\n]{1,60})=(?<value>[^&\\r\\n]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Field();

    [GeneratedRegex($"(^|\\W){Name}$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Whole();

    /// <summary>The value ends where the text was cut, at the latest.</summary>
    [GeneratedRegex(
        $"(?<before>\"{Name}\"\\s*:\\s*)(\"(\\\\.|[^\"\\\\])*\"?|[^\\s,\\]}}\"]+)",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Member();

    [GeneratedRegex(
        $"(?<before>\\bname=\"?{Name}\"?[^\\r\\n]*(\\r?\\n[^\\r\\n]+)*\\r?\\n\\r?\\n).*?(?=\\r?\\n--|\\z)",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Part();
}
