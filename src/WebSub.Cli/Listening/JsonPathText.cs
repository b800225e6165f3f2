using System.Text;

namespace WebSub.Cli.Listening;

/// <summary>
/// A JSONPath as RFC 9535 writes it, in the notation that the library knows: names and texts in single quotes, filters in parentheses.
/// </summary>
internal static class JsonPathText
{
    /// <summary>The path in the library's notation; one that is already in it stays as it is.</summary>
    public static string Translate(string path)
    {
        var text = new StringBuilder(path.Length);
        // The brackets that are open, and whether each has a filter to which parentheses were added.
        var open = new Stack<bool>();
        for (var i = 0; i < path.Length; i++)
        {
            switch (path[i])
            {
                case '"' or '\'':
                    i = Quoted(path, i, text);
                    break;
                case '[':
                    text.Append('[');
                    i = SkipSpace(path, i);
                    var isBare = i + 1 < path.Length && path[i + 1] == '?' && path.AsSpan(i + 2).TrimStart() is not ['(', ..];
                    if (isBare)
                    {
                        text.Append("?(");
                        i = SkipSpace(path, i + 1);
                    }

                    open.Push(isBare);
                    break;
                case ']':
                    text.Append(open.TryPop(out var wasBare) && wasBare ? ")]" : "]");
                    break;
                default:
                    text.Append(path[i]);
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>Copies a text in quotes, in single ones; returns where it ends.</summary>
    private static int Quoted(string path, int start, StringBuilder text)
    {
        var quote = path[start];
        text.Append('\'');
        var i = start + 1;
        for (; i < path.Length && path[i] != quote; i++)
        {
            if (path[i] == '\\' && i + 1 < path.Length)
            {
                i++;
                text.Append(path[i] == '"' ? "\"" : $"\\{path[i]}");
            }
            else
            {
                text.Append(path[i] == '\'' ? "\\'" : path[i].ToString());
            }
        }

        if (i < path.Length)
            text.Append('\'');
        return i;
    }

    private static int SkipSpace(string path, int at)
    {
        while (at + 1 < path.Length && path[at + 1] is ' ' or '\t')
            at++;
        return at;
    }
}
