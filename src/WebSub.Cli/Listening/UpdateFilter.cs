using System.Globalization;
using System.Text.RegularExpressions;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace WebSub.Cli.Listening;

/// <summary>
/// <c>--filter</c>: a JSONPath as in RFC 9535 without its functions, which begins with <c>$</c> and fits JSON in which it finds something;
/// or a text, which fits feeds with a changed entry that has it in its title.
/// </summary>
internal sealed partial class UpdateFilter
{
    private readonly IReadOnlyList<JsonPath> _paths = [];
    private readonly string? _title;

    private UpdateFilter(string title) => _title = title;

    private UpdateFilter(IReadOnlyList<JsonPath> paths) => _paths = paths;

    /// <summary>Reads what was typed; the fault is a sentence.</summary>
    public static UpdateFilter? Create(string text, out string? fault)
    {
        fault = string.IsNullOrWhiteSpace(text) ? "--filter is empty." : null;
        if (fault is not null)
            return null;
        if (!text.StartsWith('$'))
            return new(text);
        try
        {
            IReadOnlyList<JsonPath> paths = [.. JsonPathText.Translate(text).Select(p => new JsonPath(p))];
            foreach (var path in paths)
                _ = path.Find(new JObject()).Count();
            return new(paths);
        }
#pragma warning disable CA1031 // The library has many ways to say that a path is wrong.
        catch (Exception e)
#pragma warning restore CA1031
        {
            fault =
                $"--filter \"{text}\" is not a JSONPath that can be used: {e.Message.TrimEnd('.')}. "
                + "For example $.order[?@.price > 100] and $[\"title\"] can"
                + (Function().IsMatch(text) ? "; functions such as length() cannot." : ".");
            return null;
        }
    }

    /// <summary>True for JSON in which the path finds something other than null and false.</summary>
    /// <param name="text">The update; null if it is no text.</param>
    /// <param name="fault">Why the path could not be applied to this JSON, which does not fit then.</param>
    public bool FitsJson(string? text, out string? fault)
    {
        fault = null;
        if (_title is not null || text is null || Parse(text) is not { } json)
            return false;
        try
        {
            return _paths.Any(p => p.Find(json).Any(t => t.Type != JTokenType.Null && !(t.Type == JTokenType.Boolean && !t.Value<bool>())));
        }
#pragma warning disable CA1031 // The library throws what it meets: an index that is not there, a text that is no number.
        catch (Exception e)
#pragma warning restore CA1031
        {
            fault = e.Message;
            return false;
        }
    }

    /// <summary>The entries whose titles fit.</summary>
    public IReadOnlyList<FeedChange> Fitting(IEnumerable<FeedChange> entries) =>
        [.. entries.Where(e => _title is not null && e.Title.Contains(_title, StringComparison.OrdinalIgnoreCase))];

    private static JToken? Parse(string text)
    {
        try
        {
            using var reader = new JsonTextReader(new StringReader(text))
            {
                DateParseHandling = DateParseHandling.None,
                Culture = CultureInfo.InvariantCulture,
            };
            return JToken.ReadFrom(reader);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"[a-z][a-z0-9_]*\(", RegexOptions.None, 1000)]
    private static partial Regex Function();
}
