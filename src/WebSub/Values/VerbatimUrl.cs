using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace WebSub.Values;

/// <summary>
/// Turns text into a <see cref="Uri"/> whose path and query go over the wire as they were written. <see cref="Uri"/> on its own rewrites
/// <c>/%7Ea/%41/../b</c> to <c>/~a/b</c>, which breaks "the exact callback" (H24).
/// </summary>
public static class VerbatimUrl
{
    /// <summary>The maximum length of a URL, in bytes.</summary>
    public const int MaxBytes = 2048;

    /// <summary>Why a topic or a callback with a password is refused.</summary>
    internal const string UserFault = "must not have a user name or password (user:password@): URLs are stored, logged and told to others";

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>
    /// Reads an absolute http or https URL. A fragment stays with the text and never goes over the wire. On failure
    /// <paramref name="error"/> ends the sentence "hub.callback …", for example "must be an http or https URL".
    /// </summary>
    public static bool TryCreate(string? text, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out string? error) =>
        TryCreate(text, out uri, out error, MaxBytes);

    internal static bool TryCreate(string? text, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out string? error, int maxBytes)
    {
        uri = null;
        error = Fault(text, maxBytes);
        if (error is not null)
            return false;
        if (
            !Uri.TryCreate(EscapeNonAscii(WithPath(WithoutFragment(text!))), AsWritten, out uri)
            || uri.Scheme is not ("http" or "https")
            || uri.Host.Length == 0
        )
        {
            uri = null;
            error = "must be an absolute http or https URL";
            return false;
        }

        if (!HasIdnHost(uri))
        {
            uri = null;
            error = "has a host that is not a valid name";
            return false;
        }

        return true;
    }

    /// <summary>
    /// The URL with <paramref name="query"/> appended to its own query, nothing else touched (H16); only a fragment is dropped.
    /// </summary>
    public static string WithQuery(string url, string query)
    {
        ArgumentNullException.ThrowIfNull(url);
        url = WithoutFragment(url);
        var separator = !url.Contains('?', StringComparison.Ordinal) ? '?' : '&';
        return url.EndsWith('?') || url.EndsWith('&') ? url + query : $"{url}{separator}{query}";
    }

    private static string? Fault(string? text, int maxBytes)
    {
        if (string.IsNullOrEmpty(text))
            return "is missing";
        if (Encoding.UTF8.GetByteCount(text) > maxBytes)
            return $"is longer than {maxBytes} bytes";
        foreach (var c in text)
        {
            if (c <= ' ' || c == 0x7f)
                return "contains a space or a control character; percent-encode it";
            if (c == '\\')
                return "contains a backslash; percent-encode it";
            if (UnfitCharacter.Is(c))
                return UnfitCharacter.Fault + "; percent-encode it";
        }

        return
            text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? null
            : "must be an absolute http or https URL";
    }

    // Without canonicalization Uri would send a fragment as part of the path, and nothing at all where RFC 9112 §3.2.1 wants "/".
    private static string WithoutFragment(string text) =>
        text.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at ? text[..at] : text;

    private static string WithPath(string text)
    {
        var authority = text.IndexOf("//", StringComparison.Ordinal) + 2;
        var end = text.AsSpan(authority).IndexOfAny('/', '?');
        return end < 0 ? text + "/"
            : text[authority + end] == '?' ? text.Insert(authority + end, "/")
            : text;
    }

    /// <summary>
    /// True for <c>https://user:password@host/</c>: a URL that is stored, logged and passed on is no place for a password.
    /// </summary>
    internal static bool HasUser(string url)
    {
        var authority = url.IndexOf("//", StringComparison.Ordinal) + 2;
        var length = url.AsSpan(authority).IndexOfAny('/', '?', '#');
        return url.AsSpan(authority, length < 0 ? url.Length - authority : length).Contains('@');
    }

    /// <summary>Uri accepts host names that it later cannot convert to their DNS form, and then throws.</summary>
    private static bool HasIdnHost(Uri uri)
    {
        try
        {
            return uri.IdnHost.Length > 0;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }

    private static string EscapeNonAscii(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var authorityEnd = text.AsSpan(8).IndexOfAny('/', '?', '#');
        if (authorityEnd < 0)
            return text;
        var result = new StringBuilder(text, 0, 8 + authorityEnd, text.Length * 2);
        foreach (var rune in text[(8 + authorityEnd)..].EnumerateRunes())
        {
            result.Append(rune.IsAscii ? rune.ToString() : Uri.EscapeDataString(rune.ToString()));
        }

        return result.ToString();
    }
}
