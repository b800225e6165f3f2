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

    /// <summary>True for a terminal whose user has not asked for no colours (https://no-color.org).</summary>
    public static bool HasColors =>
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variables.NoColor))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";
}
