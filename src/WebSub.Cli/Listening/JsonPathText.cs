using System.Text;
using Newtonsoft.Json;

namespace WebSub.Cli.Listening;

/// <summary>
/// Translates a JSONPath as RFC 9535 writes it into the notation that the library knows, in which filters have no groups: names and texts
/// in single quotes, filters in parentheses, and a path of its own for each alternative. What the library knows beyond that stays as it is.
/// Each filter of the path itself, not those within others, has <see cref="FilterMark"/> before it.
/// </summary>
internal sealed class JsonPathText
{
    /// <summary>Stands before a filter, and nowhere else.</summary>
    public const char FilterMark = '\u0001';

    private const int MostPaths = 100;
    private readonly string _path;
    private int _at;

    private JsonPathText(string path) => _path = path;

    /// <summary>The paths of which one finds something where the path does.</summary>
    /// <exception cref="JsonException">The path cannot be translated; the message says why.</exception>
    public static IReadOnlyList<string> Translate(string path) =>
        path.Contains(FilterMark, StringComparison.Ordinal)
            ? throw new JsonException("it has a control character")
            : new JsonPathText(path).Operand(isInFilter: false);

    private char Next => _at < _path.Length ? _path[_at] : '\0';

    /// <summary>Alternatives of a filter, which is read as far as its end or the end of a group.</summary>
    private List<string> Either()
    {
        var paths = Both();
        while (Skip("||"))
            paths = [.. paths, .. Both()];
        return Bounded(paths);
    }

    private List<string> Both()
    {
        var paths = Condition();
        while (Skip("&&"))
        {
            var others = Condition();
            paths = Bounded([.. paths.SelectMany(_ => others, (first, second) => $"{first} && {second}")]);
        }

        return paths;
    }

    private List<string> Condition()
    {
        SkipSpace();
        if (Next == '!')
            throw new JsonException("\"!\" is not supported");
        if (!Skip("("))
            return Operand(isInFilter: true);
        var group = Either();
        return Skip(")") ? group : throw Unexpected();
    }

    /// <summary>Anything without "and" and "or" of its own: a path, or in a filter a comparison.</summary>
    private List<string> Operand(bool isInFilter)
    {
        List<string> paths = [""];
        var text = new StringBuilder();
        var depth = 0;
        while (_at < _path.Length)
        {
            var next = Next;
            if (isInFilter && depth == 0 && (next is ')' or ']' || IsAt("&&") || IsAt("||")))
                break;
            if (next == '[')
            {
                var inner = Bracket(isInFilter ? "" : $"{FilterMark}");
                paths = Bounded([.. paths.SelectMany(_ => inner, (before, bracket) => $"{before}{text}{bracket}")]);
                text.Clear();
            }
            else if (next is '"' or '\'')
            {
                Quoted(text);
            }
            else if (IsAt("=~"))
            {
                Pattern(text);
            }
            else
            {
                depth +=
                    next == '(' ? 1
                    : next == ')' ? -1
                    : 0;
                Take(text);
            }
        }

        var rest = isInFilter ? text.ToString().TrimEnd() : text.ToString();
        return [.. paths.Select(p => p + rest)];
    }

    private List<string> Bracket(string mark)
    {
        _at++;
        SkipSpace();
        if (Skip("?"))
        {
            var filters = Either();
            return Skip("]") ? [.. filters.Select(f => $"{mark}[?({f})]")] : throw Unexpected();
        }

        var text = new StringBuilder();
        while (_at < _path.Length && Next != ']')
        {
            if (Next is '"' or '\'')
                Quoted(text);
            else
                Take(text);
        }

        // The library counts from the end only in slices.
        var end = Skip("]") ? "]" : "";
        return [$"[{(int.TryParse(text.ToString().Trim(), out var index) && index < 0 ? FromTheEnd(index) : text.ToString())}{end}"];
    }

    private static string FromTheEnd(int index) => index == -1 ? "-1:" : $"{index}:{index + 1}";

    /// <summary>Copies a text in quotes, in single ones.</summary>
    private void Quoted(StringBuilder text)
    {
        var quote = _path[_at++];
        text.Append('\'');
        for (; _at < _path.Length && Next != quote; _at++)
        {
            if (Next == '\\' && _at + 1 < _path.Length)
            {
                _at++;
                text.Append(Next == '"' ? "\"" : $"\\{Next}");
            }
            else
            {
                text.Append(Next == '\'' ? "\\'" : Next.ToString());
            }
        }

        if (_at++ < _path.Length)
            text.Append('\'');
    }

    /// <summary>Copies the library's operator for a regular expression, and that expression.</summary>
    private void Pattern(StringBuilder text)
    {
        Take(text);
        Take(text);
        while (Next is ' ')
            Take(text);
        if (Next != '/')
            return;
        Take(text);
        while (_at < _path.Length && Next != '/')
        {
            if (Next == '\\')
                Take(text);
            Take(text);
        }
    }

    private void Take(StringBuilder text)
    {
        if (_at < _path.Length)
            text.Append(_path[_at++]);
    }

    private bool IsAt(string word) => string.CompareOrdinal(_path, _at, word, 0, word.Length) == 0;

    /// <summary>Passes over a word that comes next, and the space before it.</summary>
    private bool Skip(string word)
    {
        SkipSpace();
        if (!IsAt(word))
            return false;
        _at += word.Length;
        return true;
    }

    private void SkipSpace()
    {
        while (Next is ' ' or '\t')
            _at++;
    }

    private JsonException Unexpected() =>
        new(_at < _path.Length ? $"\"{_path[_at..]}\" is unexpected in a filter" : "Path ended with open filter");

    private static List<string> Bounded(List<string> paths) =>
        paths.Count <= MostPaths ? paths : throw new JsonException($"it has more than {MostPaths} alternatives");
}
