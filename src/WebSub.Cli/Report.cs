using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebSub.Cli;

/// <summary>
/// Where a command writes: for people, or with <c>--json</c> one object a line. Complaints and notes go to stderr in both.
/// </summary>
internal sealed class Report(bool json)
{
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
            Console.Out.WriteLine(JsonSerializer.Serialize(value, JsonLines));
            return;
        }

        foreach (var line in lines)
            Console.Out.WriteLine(Printable(line));
    }

    /// <summary>Says something beside the result.</summary>
    public static void Note(string text) => WriteError($"note: {text}");

    /// <summary>Says what is wrong, in one line.</summary>
    public static void Complain(string text) => WriteError($"websub: {text}");

    private static void WriteError(string line)
    {
        try
        {
            Console.Error.WriteLine(Printable(line));
        }
        catch (IOException)
        {
            // Nowhere to say it; the exit code does.
        }
    }

    /// <summary>Texts of strangers reach the terminal: control characters, which could rewrite it, do not.</summary>
    private static string Printable(string text) =>
        text.Any(char.IsControl)
            ? string.Create(
                text.Length,
                text,
                (span, t) =>
                {
                    for (var i = 0; i < t.Length; i++)
                        span[i] = char.IsControl(t[i]) ? '\uFFFD' : t[i];
                }
            )
            : text;
}
