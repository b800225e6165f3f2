namespace WebSub.Cli.Terminal;

/// <summary>A line at the bottom of the terminal that is written anew as work goes on; everything else is written above it.</summary>
internal static class StatusLine
{
    private const string Erase = "\r\e[K";
    private static readonly Lock Lock = new();
    private static string _shown = "";

    /// <summary>False where output or errors go elsewhere, and on a terminal that cannot rewrite a line.</summary>
    public static bool IsPossible =>
        Screen.TerminalWidth is not null && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>Shows the text in place of the one before; nothing if it is empty.</summary>
    public static void Show(string text)
    {
        lock (Lock)
        {
            if (text.Length == 0 && _shown.Length == 0)
                return;
            _shown = text;
            Draw();
        }
    }

    /// <summary>Writes other output above the line.</summary>
    public static void Above(Action write)
    {
        lock (Lock)
        {
            if (_shown.Length == 0)
            {
                write();
                return;
            }

            Console.Error.Write(Erase);
            write();
            Draw();
        }
    }

    // The cursor goes back to its beginning: what a program that was started here writes takes the line's place.
    private static void Draw()
    {
        var width = Screen.TerminalWidth ?? int.MaxValue;
        Console.Error.Write($"{Erase}{(_shown.Length < width ? _shown : _shown[..(width - 1)])}\r");
    }
}
