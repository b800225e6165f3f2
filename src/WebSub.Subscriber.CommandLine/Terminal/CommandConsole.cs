using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace WebSub.Subscriber.CommandLine.Terminal;

/// <summary>
/// Where a command writes and asks: tables and sentences on a terminal, one JSON object a line elsewhere. Notes, questions and faults go to
/// stderr in both.
/// </summary>
internal sealed class CommandConsole(TextWriter output, TextWriter error, TextReader input, bool isTerminal)
{
    // A column of nothing longer is not broken: ids, states, numbers.
    private const int LongestWord = 13;

    // A longer sentence would be broken into words in a column.
    private const int LongestSentence = 40;

    private static readonly JsonSerializerOptions JsonLines = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>True for JSON lines.</summary>
    public bool IsJson { get; set; } = !isTerminal;

    public static CommandConsole OfTheProcess() => new(Console.Out, Console.Error, Console.In, !Console.IsOutputRedirected);

    /// <summary>
    /// A table with a row for each item, or a line of JSON for each. Sentences in the last column that are long stand below the table.
    /// </summary>
    public void Write<T>(IReadOnlyList<string> headings, IReadOnlyList<T> items, Func<T, IEnumerable<string>> cells, Func<T, object> json)
    {
        if (IsJson)
        {
            foreach (var item in items)
                WriteJson(json(item));
            return;
        }

        if (items.Count == 0)
            return;
        var table = new Table().Border(TableBorder.Simple);
        var rows = items.Select(i => cells(i).Select(Printable).ToList()).ToList();
        var hasSentences = rows.Exists(r => r[^1].Length > LongestSentence && r[^1].Contains(' ', StringComparison.Ordinal));
        var columns = hasSentences ? headings.Count - 1 : headings.Count;
        for (var i = 0; i < columns; i++)
            table.AddColumn(new TableColumn(new Text(headings[i])) { NoWrap = rows.All(r => r[i].Length <= LongestWord) });
        foreach (var row in rows)
            table.AddRow(row.Take(columns).Select(c => new Text(c)));
        var terminal = Terminal();
        terminal.Write(table);
        if (!hasSentences)
            return;
        var below = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn();
        foreach (var row in rows.Where(r => r[^1].Length > 0))
            below.AddRow(new Text($"  {row[0]}"), new Text(row[^1]));
        terminal.Write(below);
    }

    /// <summary>Names and values below each other, or one line of JSON.</summary>
    public void Write(IEnumerable<(string Name, string? Value)> details, object json)
    {
        if (IsJson)
        {
            WriteJson(json);
            return;
        }

        var grid = new Grid().AddColumn().AddColumn();
        foreach (var (name, value) in details.Where(d => d.Value is not null))
            grid.AddRow(new Text(name), new Text(Printable(value!)));
        Terminal().Write(grid);
    }

    /// <summary>A sentence for people, or a line of JSON.</summary>
    public void Write(string sentence, object json)
    {
        if (IsJson)
            WriteJson(json);
        else
            output.WriteLine(Printable(sentence));
    }

    /// <summary>Text as it is, for files and bodies.</summary>
    public void WriteRaw(string text) => output.WriteLine(text);

    /// <summary>Something to know beside the result.</summary>
    public void Note(string sentence) => error.WriteLine(Printable($"note: {sentence}"));

    /// <summary>What went wrong, in a line.</summary>
    public void Complain(string sentence) => error.WriteLine(Printable($"websub: {sentence}".ReplaceLineEndings(" ")));

    /// <summary>True if the answer is yes; nobody there to answer means no.</summary>
    public bool Ask(string question)
    {
        error.Write(Printable($"{question} (y/N) "));
        var answer = input.ReadLine()?.Trim();
        if (answer is null)
            error.WriteLine();
        return answer is not null
            && (answer.Equals("y", StringComparison.OrdinalIgnoreCase) || answer.Equals("yes", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>All that comes from stdin.</summary>
    public Task<string> ReadAsync(CancellationToken cancellationToken) => input.ReadToEndAsync(cancellationToken);

    private void WriteJson(object value) => output.WriteLine(JsonSerializer.Serialize(value, JsonLines));

    private IAnsiConsole Terminal() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });

    /// <summary>Text from strangers reaches the terminal without control characters, which could rewrite it.</summary>
    private static string Printable(string text) =>
        text.Any(c => char.IsControl(c) && c != '\n')
            ? new string([.. text.Select(c => char.IsControl(c) && c != '\n' ? '\uFFFD' : c)])
            : text;
}
