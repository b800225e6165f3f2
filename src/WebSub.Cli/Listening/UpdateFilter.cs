using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace WebSub.Cli.Listening;

/// <summary>
/// <c>--filter</c>: a JSONPath as in RFC 9535 without its functions, which begins with <c>$</c> and fits JSON in which it finds something;
/// or a text, which fits feeds with a changed entry that has it in its title.
/// </summary>
internal sealed class UpdateFilter
{
    private readonly string? _path;
    private readonly string _title = "";

    private UpdateFilter(string text)
    {
        if (text.StartsWith('$'))
            _path = JsonPathText.Translate(text);
        else
            _title = text;
    }

    /// <summary>Reads what was typed; the fault is a sentence.</summary>
    public static UpdateFilter? Create(string text, out string? fault)
    {
        fault = string.IsNullOrWhiteSpace(text) ? "--filter is empty." : null;
        if (fault is null && text.StartsWith('$'))
        {
            try
            {
                _ = new JObject().SelectTokens(JsonPathText.Translate(text)).Count();
            }
            catch (JsonException e)
            {
                fault =
                    $"--filter \"{text}\" is not a JSONPath that can be used: {e.Message.TrimEnd('.')}. "
                    + "For example $.order[?@.price > 100] and $[\"title\"] can; functions such as length() cannot.";
            }
        }

        return fault is null ? new(text) : null;
    }

    /// <summary>True for JSON in which the path finds something other than null and false.</summary>
    public bool FitsJson(string? text)
    {
        if (_path is null || text is null)
            return false;
        try
        {
            using var reader = new JsonTextReader(new StringReader(text))
            {
                DateParseHandling = DateParseHandling.None,
                Culture = CultureInfo.InvariantCulture,
            };
            return JToken
                .ReadFrom(reader)
                .SelectTokens(_path)
                .Any(t => t.Type != JTokenType.Null && !(t.Type == JTokenType.Boolean && !t.Value<bool>()));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The entries whose titles fit.</summary>
    public IReadOnlyList<FeedChange> Fitting(IEnumerable<FeedChange> entries) =>
        [.. entries.Where(e => _path is null && e.Title.Contains(_title, StringComparison.OrdinalIgnoreCase))];
}
