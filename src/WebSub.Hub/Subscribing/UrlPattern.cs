using System.Text.RegularExpressions;

namespace WebSub.Hub.Subscribing;

/// <summary>
/// A pattern such as <c>https://*.example/feeds/*</c>. <c>*</c> matches anything, but in scheme, host and port nothing that would end them;
/// otherwise <c>https://evil.test/x.example/feeds/1</c> would match. Without a path it matches every path. Case does not count.
/// </summary>
internal sealed class UrlPattern
{
    private const string SchemeEnd = "://";
    private readonly Regex _regex;

    public UrlPattern(string pattern)
    {
        var authority = pattern.IndexOf(SchemeEnd, StringComparison.Ordinal) is >= 0 and var at ? at + SchemeEnd.Length : 0;
        var path = pattern.IndexOfAny(['/', '?'], authority);
        var expression =
            authority == 0
                ? Escape(pattern, ".*")
                : Escape(pattern[..authority], "[a-z]*")
                    + (
                        path < 0
                            ? Escape(pattern[authority..], "[^/?#@]*") + "([/?].*)?"
                            : Escape(pattern[authority..path], "[^/?#@]*") + Escape(pattern[path..], ".*")
                    );
        _regex = new(
            $@"\A{expression}\z",
            RegexOptions.NonBacktracking
                | RegexOptions.IgnoreCase
                | RegexOptions.CultureInvariant
                | RegexOptions.Singleline
                | RegexOptions.ExplicitCapture
        );
    }

    public bool Matches(string text) => _regex.IsMatch(text);

    private static string Escape(string text, string star) => string.Join(star, text.Split('*').Select(Regex.Escape));
}
