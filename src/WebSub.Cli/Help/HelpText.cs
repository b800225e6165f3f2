using System.Text.RegularExpressions;
using WebSub.Cli.Terminal;

namespace WebSub.Cli.Help;

/// <summary>Writes a page of help in lines that are no wider than the terminal.</summary>
internal static partial class HelpText
{
    private const string Indent = "  ";
    private const char Glue = '\u00a0';

    public static IEnumerable<string> Lines(HelpPage page, int width)
    {
        IEnumerable<IEnumerable<string>> sections =
        [
            TextWrap.Lines(page.Description, width),
            ["Usage:", .. Command(page.Usage, width, Indent)],
            Table("Arguments:", page.Arguments, width),
            Table("Commands:", page.Commands, width),
            Table("Options:", page.Options, width),
            page.Remarks is { } remarks ? TextWrap.Lines(remarks, width) : [],
            page.Examples.Count > 0 ? ["Examples:", .. page.Examples.SelectMany(e => Lines(e, width))] : [],
        ];
        return sections.Select(s => s.ToList()).Where(s => s.Count > 0).SelectMany<List<string>, string>((s, i) => i == 0 ? s : ["", .. s]);
    }

    private static IEnumerable<string> Lines(Example example, int width) =>
        [.. TextWrap.Lines(example.Does, width - 2).Select(l => Indent + l), .. Command(example.Line, width, Indent + Indent)];

    /// <summary>A command line that is too long goes on in the next line, in the way that shells understand.</summary>
    private static IEnumerable<string> Command(string line, int width, string indent)
    {
        // An option and its value, and what is quoted, stay together.
        var whole = OptionAndValue().Replace(line, m => m.Value.Replace(' ', Glue));
        var lines = TextWrap.Lines(whole, width - (2 * indent.Length) - 2).Select(l => l.Replace(Glue, ' ')).ToList();
        return lines.Select((l, i) => $"{indent}{(i > 0 ? indent : "")}{l}{(i < lines.Count - 1 ? " \\" : "")}");
    }

    private static IEnumerable<string> Table(string title, IReadOnlyList<HelpRow> rows, int width)
    {
        if (rows.Count == 0)
            yield break;
        yield return title;
        // A label that is wider than this stands alone in its line.
        var column = Math.Min(rows.Max(r => r.Label.Length) + 4, Math.Max(24, width * 2 / 5));
        foreach (var row in rows)
        {
            var meaning = TextWrap.Lines(row.Meaning, width - column).ToList();
            var isAlone = Indent.Length + row.Label.Length + 2 > column;
            yield return isAlone || meaning.Count == 0 ? Indent + row.Label : (Indent + row.Label).PadRight(column) + meaning[0];
            foreach (var line in meaning.Skip(isAlone ? 0 : 1))
                yield return new string(' ', column) + line;
        }
    }

    [GeneratedRegex("""--\S+ (?!-- |-\w|--\w)('[^']*'|"[^"]*"|[^\s|]\S*)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OptionAndValue();
}
