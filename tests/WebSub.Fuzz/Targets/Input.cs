using System.Text;

namespace WebSub.Fuzz.Targets;

/// <summary>An input of several parts.</summary>
internal static class Input
{
    /// <summary>The first line, and what follows it.</summary>
    public static (string Line, byte[] After) SplitLine(byte[] input)
    {
        var end = Array.IndexOf(input, (byte)'\n');
        return end < 0 ? (Text(input), []) : (Text(input.AsSpan(0, end)).TrimEnd('\r'), input[(end + 1)..]);
    }

    /// <summary>Bytes as a server gives us those of a header: one a character.</summary>
    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
