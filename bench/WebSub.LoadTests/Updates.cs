using System.Buffers.Text;
using System.Text;

namespace WebSub.LoadTests;

/// <summary>
/// What is published, and the secrets it is signed with. Driver and receiver are separate processes and derive the same from the same
/// numbers.
/// </summary>
internal static class Updates
{
    /// <summary>The size of an update, in bytes.</summary>
    public const int Size = 1024;

    public const string ContentType = "text/plain; charset=utf-8";

    /// <summary>The update with this number: its number, a line break, and text that differs from update to update.</summary>
    public static byte[] Content(int number)
    {
        var content = new byte[Size];
        var start = Encoding.ASCII.GetBytes($"{number}\n", content);
        for (var i = start; i < Size; i++)
            content[i] = (byte)('a' + ((i + number) % 26));
        return content;
    }

    /// <summary>The number of an update; 0 if it is not one of ours.</summary>
    public static int NumberOf(ReadOnlySpan<byte> content) => Utf8Parser.TryParse(content, out int number, out _) ? number : 0;

    /// <summary>The secret of a callback.</summary>
    public static string SecretOf(int callback) => $"the secret of callback {callback:d8}";
}
