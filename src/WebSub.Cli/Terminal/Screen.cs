using System.Globalization;

namespace WebSub.Cli.Terminal;

/// <summary>The terminal that a command writes to, if it is one.</summary>
internal static class Screen
{
    private const int Usual = 80;
    private const int Narrowest = 40;

    // Longer lines are hard to read.
    private const int WidestText = 110;

    /// <summary>How wide help may be.</summary>
    public static int HelpWidth => Math.Clamp(Width ?? Usual, Narrowest, WidestText);

    /// <summary>The columns that there are: COLUMNS if it is set, else those of the terminal; null if the output goes elsewhere.</summary>
    public static int? Width
    {
        get
        {
            if (
                int.TryParse(
                    Environment.GetEnvironmentVariable(Variables.Columns),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var columns
                )
                && columns > 0
            )
                return columns;
            if (Console.IsOutputRedirected)
                return null;
            try
            {
                return Console.WindowWidth is > 0 and var width ? width : null;
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    /// <summary>The columns of the terminal; null if there is none, or it is too narrow to break lines well.</summary>
    public static int? TerminalWidth => Console.IsOutputRedirected || Width is not (>= Narrowest and var width) ? null : width;

    /// <summary>The text in lines that are not wider; as it is if there is no width.</summary>
    public static IEnumerable<string> Wrap(string text, int? width) =>
        width is { } columns && text.Length > columns ? TextWrap.Lines(text, columns) : [text];

    /// <summary>The word as its tone wants it, if the output is a terminal with colours.</summary>
    public static string Paint(string word, Tone tone) =>
        (HasColors, tone) switch
        {
            (true, Tone.News) => $"\e[1m{word}\e[0m",
            (true, Tone.Good) => $"\e[32m{word}\e[0m",
            (true, Tone.Bad) => $"\e[31m{word}\e[0m",
            _ => word,
        };

    /// <summary>
    /// True for a terminal whose user has not asked for no colours (https://no-color.org). The old console of Windows would show the codes.
    /// </summary>
    private static bool HasColors { get; } =
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variables.NoColor))
        && Environment.GetEnvironmentVariable("TERM") != "dumb"
        && (!OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable("WT_SESSION") is not null);
}
