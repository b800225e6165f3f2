using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using WebSub.Cli.Terminal;
using WebSub.Values;

namespace WebSub.Cli;

/// <summary>
/// Where a command writes: text for people, or with <c>--json</c> one object per line. Errors and notes go to stderr in both.
/// </summary>
internal sealed class Report(bool json)
{
    private const int EventColumn = 14;
    private const int WidestTable = 1000;
    private const int LeastCell = 12;
    private const int Gap = 3;
    private const string BelowEvent = "          ";
    private static readonly JsonSerializerOptions JsonLines = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Writes the lines for people, or the object for programs.</summary>
    public void Write<T>(IEnumerable<string> lines, T value)
    {
        if (json)
        {
            StatusLine.Above(() => Console.Out.WriteLine(JsonSerializer.Serialize(value, JsonLines)));
            return;
        }

        StatusLine.Above(() =>
        {
            foreach (var line in lines)
                Console.Out.WriteLine(Printable(line));
        });
    }

    /// <summary>Writes an event: for people the time, a word and a text, with further lines below; for programs the object.</summary>
    public void Write<T>(string at, string word, Tone tone, string text, IEnumerable<string> below, T value)
    {
        if (json)
        {
            Write([], value);
            return;
        }

        var start = at.Length + 2 + EventColumn;
        var lines = Screen.Wrap(Printable(text), Screen.TerminalWidth - start).ToList();
        StatusLine.Above(() =>
        {
            Console.Out.WriteLine($"{at}  {Screen.Paint(word.PadRight(EventColumn), tone)}{lines[0]}");
            foreach (var line in lines.Skip(1))
                Console.Out.WriteLine(new string(' ', start) + line);
            foreach (var line in below)
                Console.Out.WriteLine(BelowEvent + Printable(line));
        });
    }

    /// <summary>
    /// Writes a table that fits the terminal, or each item as JSON. Where the terminal is too narrow for that, what a row has stands below
    /// each other; elsewhere than on a terminal a row is a line.
    /// </summary>
    /// <param name="headings">The headings, and whether what is below them must not be broken into lines.</param>
    /// <param name="rows">A row for each item.</param>
    /// <param name="items">The items.</param>
    public void WriteTable<T>(
        IReadOnlyList<(string Heading, bool IsWhole)> headings,
        IReadOnlyList<IReadOnlyList<string>> rows,
        IEnumerable<T> items
    )
    {
        if (json)
        {
            foreach (var item in items)
                Write([], item);
            return;
        }

        if (rows.Count == 0)
            return;
        if (Screen.Width is { } width && WidthOf(headings, rows) > width)
        {
            WriteRecords([.. headings.Select(h => h.Heading)], rows, width);
            return;
        }

        var table = new Table().Border(TableBorder.Simple);
        foreach (var (heading, isWhole) in headings)
            table.AddColumn(new TableColumn(new Text(heading)) { NoWrap = isWhole });
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(Printable(cell))));
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        console.Profile.Width = Screen.Width ?? WidestTable;
        console.Write(table);
    }

    /// <summary>The columns that a table needs if no heading and nothing short is to be broken.</summary>
    private static int WidthOf(IReadOnlyList<(string Heading, bool IsWhole)> headings, IReadOnlyList<IReadOnlyList<string>> rows) =>
        headings
            .Select(
                (h, i) =>
                {
                    var longest = rows.Max(r => r[i].Length);
                    return Math.Max(h.Heading.Split(' ').Max(w => w.Length), h.IsWhole ? longest : Math.Min(longest, LeastCell)) + Gap;
                }
            )
            .Sum();

    private static void WriteRecords(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows, int width)
    {
        var column = headings.Max(h => h.Length) + 2;
        foreach (var row in rows)
        {
            Console.Out.WriteLine();
            foreach (var (heading, cell) in headings.Zip(row).Where(pair => pair.Second.Length > 0))
            {
                var name = heading;
                foreach (var line in Screen.Wrap(Printable(cell), width - column))
                {
                    Console.Out.WriteLine(name.PadRight(column) + line);
                    name = "";
                }
            }
        }
    }

    /// <summary>Writes a note in addition to the result.</summary>
    public static void Note(string text) => WriteError($"note: {text}");

    /// <summary>Reports an error, in one line.</summary>
    public static void Complain(string text) => WriteError($"websub: {text}");

    /// <summary>Writes what only <c>--verbose</c> shows.</summary>
    public static void Detail(string text) => WriteError($"verbose: {text}");

    private static void WriteError(string line)
    {
        try
        {
            StatusLine.Above(() =>
            {
                foreach (var part in Screen.Wrap(Printable(line), Console.IsErrorRedirected ? null : Screen.TerminalWidth))
                    Console.Error.WriteLine(part);
            });
        }
        catch (IOException)
        {
            // There is nowhere to write it; the exit code shows the failure.
        }
    }

    /// <summary>
    /// Text from strangers reaches the terminal without characters that could rewrite it or change the direction of a line.
    /// </summary>
    private static string Printable(string text) =>
        UnfitCharacter.IsIn(text)
            ? string.Create(
                text.Length,
                text,
                (span, t) =>
                {
                    for (var i = 0; i < t.Length; i++)
                        span[i] = UnfitCharacter.Is(t[i]) ? '\uFFFD' : t[i];
                }
            )
            : text;
}
