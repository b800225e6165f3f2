using Newtonsoft.Json.Linq;

namespace WebSub.Cli.Listening;

/// <summary>
/// A path that the library knows. Its filters look at the items of arrays only; those of RFC 9535 look at the members of objects as well,
/// which are found in a copy where such an object is the array of its members.
/// </summary>
internal sealed class JsonPath
{
    private readonly string _path;
    private readonly IReadOnlyList<string> _filtered;

    /// <param name="marked">The path, with <see cref="JsonPathText.FilterMark"/> before each filter.</param>
    public JsonPath(string marked)
    {
        var parts = marked.Split(JsonPathText.FilterMark);
        _path = string.Concat(parts);
        _filtered =
        [
            .. Enumerable
                .Range(1, parts.Length - 1)
                .Select(count => string.Concat(parts.Take(count)))
                // A filter of everything below looks at objects, too.
                .Where(p => !p.EndsWith("..", StringComparison.Ordinal)),
        ];
    }

    /// <summary>What it finds; something found in both ways comes twice.</summary>
    public IEnumerable<JToken> Find(JToken json) => json.SelectTokens(_path).Concat(FindInMembers(json));

    private IEnumerable<JToken> FindInMembers(JToken json)
    {
        var (copy, hasChanged) = (json.DeepClone(), false);
        foreach (var place in _filtered)
        {
            foreach (var found in copy.SelectTokens(place).OfType<JObject>().ToList())
            {
                var members = new JArray(found.PropertyValues());
                hasChanged = true;
                if (found.Parent is null)
                    copy = members;
                else
                    found.Replace(members);
            }
        }

        return hasChanged ? copy.SelectTokens(_path) : [];
    }
}
