using System.Text;

namespace WebSub.Values;

/// <summary>
/// Resolves references against a base URL by RFC 3986 §5.2, as text: an absolute reference stays byte for byte as it was, and a relative
/// one loses only its dot segments. <see cref="Uri"/> would decode, encode and change case along the way.
/// </summary>
public static class RelativeReference
{
    /// <summary>The URL that <paramref name="reference"/> means in a document at <paramref name="baseUrl"/>.</summary>
    /// <param name="baseUrl">An absolute http or https URL.</param>
    /// <param name="reference">Absolute or relative; surrounding white space is ignored.</param>
    public static string Resolve(string baseUrl, string reference)
    {
        ArgumentNullException.ThrowIfNull(baseUrl);
        ArgumentNullException.ThrowIfNull(reference);
        reference = reference.Trim();
        if (HasScheme(reference))
            return reference;

        var document = Until(baseUrl, '#');
        var authority = document.IndexOf("//", StringComparison.Ordinal);
        if (authority < 0)
            return reference;
        if (reference.StartsWith("//", StringComparison.Ordinal))
            return document[..authority] + reference;

        var pathStart = document.AsSpan(authority + 2).IndexOfAny('/', '?');
        pathStart = pathStart < 0 ? document.Length : authority + 2 + pathStart;
        var origin = document[..pathStart];
        var basePath = Until(document[pathStart..], '?');
        return reference switch
        {
            "" => document,
            ['#', ..] => document + reference,
            ['?', ..] => origin + (basePath.Length == 0 ? "/" : basePath) + reference,
            ['/', ..] => origin + WithoutDotSegments(reference),
            _ => origin
                + WithoutDotSegments(
                    basePath[..(basePath.LastIndexOf('/') + 1)] is { Length: > 0 } folder ? folder + reference : "/" + reference
                ),
        };
    }

    private static bool HasScheme(string reference)
    {
        if (reference.Length == 0 || !char.IsAsciiLetter(reference[0]))
            return false;
        var end = reference.AsSpan().IndexOfAnyExcept(SchemeCharacters);
        return end > 0 && reference[end] == ':';
    }

    private static readonly System.Buffers.SearchValues<char> SchemeCharacters = System.Buffers.SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-."
    );

    private static string Until(string text, char end) =>
        text.IndexOf(end, StringComparison.Ordinal) is >= 0 and var at ? text[..at] : text;

    /// <summary>Removes <c>.</c> and <c>..</c> segments from the path; query and fragment are left alone.</summary>
    private static string WithoutDotSegments(string reference)
    {
        var pathEnd = reference.AsSpan().IndexOfAny('?', '#');
        var path = pathEnd < 0 ? reference : reference[..pathEnd];
        if (!path.Contains("/.", StringComparison.Ordinal))
            return reference;

        var kept = new List<string>();
        var segments = path.Split('/')[1..];
        for (var i = 0; i < segments.Length; i++)
        {
            var isLast = i == segments.Length - 1;
            if (segments[i] is not ("." or ".."))
            {
                kept.Add(segments[i]);
                continue;
            }

            if (segments[i] == ".." && kept.Count > 0)
                kept.RemoveAt(kept.Count - 1);
            if (isLast)
                kept.Add("");
        }

        var result = new StringBuilder();
        foreach (var segment in kept)
            result.Append('/').Append(segment);
        return result.Append(pathEnd < 0 ? "" : reference[pathEnd..]).ToString();
    }
}
