using System.CommandLine;

namespace WebSub.Cli.Commands;

/// <summary>A body on disk, or <c>-</c> for standard input, as raw bytes.</summary>
internal static class BodyFile
{
    public static Argument<string> Argument() =>
        new("FILE") { Description = "The body as it went over the wire; - reads standard input", HelpName = "FILE" };

    public static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (path != "-")
            return await File.ReadAllBytesAsync(path, cancellationToken);

        await using var input = Console.OpenStandardInput();
        using var body = new MemoryStream();
        await input.CopyToAsync(body, cancellationToken);
        return body.ToArray();
    }
}
