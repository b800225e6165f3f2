using System.Text;
using System.Text.RegularExpressions;
using WebSub.Discovery;
using WebSub.Http;
using WebSub.Values;

namespace WebSub.Cli;

/// <summary>
/// Says more about a resource that cannot be subscribed to than discovery may: what a person would see who looks at the page. Asks for it
/// once more, only after discovery has failed.
/// </summary>
/// <param name="http">What it is asked with.</param>
/// <param name="time">The clock of its deadline.</param>
/// <param name="wayOut">A sentence on how the command does without discovery; empty if it cannot.</param>
internal sealed partial class DiscoveryAdvice(HttpClient http, TimeProvider time, string wayOut)
{
    private const int MaxScannedBytes = 256 * 1024;
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(10);

    /// <summary>Why discovery failed, and what may help.</summary>
    public async Task<string> ExplainAsync(DiscoveryResult found, CancellationToken cancellationToken)
    {
        var advice = found.Error switch
        {
            DiscoveryError.AddressRefused => Outbound.Hint(refused: true),
            DiscoveryError.Unreachable => Outbound.UnreachableHint(found.Explanation),
            DiscoveryError.BadRedirect or DiscoveryError.ErrorStatus => await LoginAsync(found, cancellationToken),
            DiscoveryError.NoLinks or DiscoveryError.NoHub or DiscoveryError.NoSelf => await PageAsync(found, cancellationToken),
            _ => "",
        };
        var more = $"{advice} {wayOut}".TrimEnd();
        return more.Length == 0 || found.Explanation is [.., '.' or '?' or '!'] ? found.Explanation + more : $"{found.Explanation}.{more}";
    }

    /// <summary>A site that wants to know who asks sets a cookie and sends the visitor round, or away.</summary>
    private async Task<string> LoginAsync(DiscoveryResult found, CancellationToken cancellationToken)
    {
        foreach (var url in found.Visited.Take(1).Concat(found.Visited.TakeLast(1)).Distinct(StringComparer.Ordinal))
        {
            if (await LookAsync(url, cancellationToken) is not { } page)
                continue;
            if (page.SetsCookies && (found.Error == DiscoveryError.BadRedirect || page.Status is 401 or 403))
                return $" {url} sets a cookie, as a login or consent page does; WebSub asks without cookies, and so do hubs.";
            if (page.Status is 401 or 403)
                return " It may want a login, which hubs do not have; a topic must be public, or its hub be given the content.";
        }

        return "";
    }

    private async Task<string> PageAsync(DiscoveryResult found, CancellationToken cancellationToken)
    {
        if (
            found.ContentType?.Contains("html", StringComparison.OrdinalIgnoreCase) != true
            || await LookAsync(found.Visited[^1], cancellationToken) is not { } page
        )
            return "";
        var links = LinkElement().Matches(page.Text).Select(m => m.Value).ToList();
        if (links.Exists(l => WebSubRelation().IsMatch(l)))
            return " It has such a <link> outside its <head>, where it does not count, since visitors may write there.";
        if (
            found.Visited.Count > 1
            && Password().IsMatch(page.Text)
            && (page.SetsCookies || await LookAsync(found.Visited[0], cancellationToken) is { SetsCookies: true })
        )
            return " It is a login page that sets cookies; WebSub asks without cookies, and so do hubs.";
        var feed = links.Where(l => Feed().IsMatch(l)).Select(l => Href().Match(l)).FirstOrDefault(m => m.Success)?.Groups["href"].Value;
        return feed is null
            ? ""
            : $" It points to the feed {Uri(found.Visited[^1], System.Net.WebUtility.HtmlDecode(feed))}, which may have a hub: try that.";
    }

    private async Task<Page?> LookAsync(string url, CancellationToken cancellationToken)
    {
        if (!VerbatimUrl.TryCreate(url, out var uri, out _))
            return null;
        using var deadline = new CancellationTokenSource(LongestLook, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            var start = await BoundedBody.ReadStartAsync(body, MaxScannedBytes, either.Token);
            return new((int)response.StatusCode, response.Headers.NonValidated.Contains("Set-Cookie"), Encoding.UTF8.GetString(start));
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or InvalidDataException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            return null;
        }
    }

    private static string Uri(string page, string href) => System.Uri.TryCreate(new Uri(page), href, out var url) ? url.AbsoluteUri : href;

    [GeneratedRegex("<link\\b[^<>]*>", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex LinkElement();

    [GeneratedRegex(
        "\\brel\\s*=\\s*[\"']?\\s*(hub|self)\\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex WebSubRelation();

    [GeneratedRegex(
        "\\btype\\s*=\\s*[\"']?\\s*application/(atom\\+xml|rss\\+xml|feed\\+json)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Feed();

    [GeneratedRegex(
        "\\bhref\\s*=\\s*(\"(?<href>[^\"]*)\"|'(?<href>[^']*)'|(?<href>[^\\s\"'>]+))",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Href();

    [GeneratedRegex(
        "<input\\b[^<>]*\\btype\\s*=\\s*[\"']?password",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Password();

    private sealed record Page(int Status, bool SetsCookies, string Text);
}
