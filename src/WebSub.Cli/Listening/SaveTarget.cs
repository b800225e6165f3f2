using WebSub.Storage;
using WebSub.Subscriber;

namespace WebSub.Cli.Listening;

/// <summary><c>--save</c>: a file for each update, named after the time it came; complete as soon as it is there.</summary>
internal sealed class SaveTarget(string folder)
{
    // Nothing that a stranger sent becomes part of a path.
    private static readonly Dictionary<string, string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["application/atom+xml"] = ".atom",
        ["application/rss+xml"] = ".rss",
        ["application/rdf+xml"] = ".rdf",
        ["application/xml"] = ".xml",
        ["text/xml"] = ".xml",
        ["application/json"] = ".json",
        ["application/feed+json"] = ".json",
        ["text/html"] = ".html",
        ["text/plain"] = ".txt",
        ["text/markdown"] = ".md",
        ["text/csv"] = ".csv",
        ["image/png"] = ".png",
        ["image/jpeg"] = ".jpg",
        ["image/svg+xml"] = ".svg",
        ["application/pdf"] = ".pdf",
    };

    private string? _lastName;
    private int _sameName;

    public async Task<string?> SaveAsync(WebSubNotification notification, CancellationToken cancellationToken)
    {
        var name = $"{notification.ReceivedAt:yyyyMMdd'T'HHmmss.fff'Z'}";
        _sameName = name == _lastName ? _sameName + 1 : 1;
        _lastName = name;
        var path = Path.Combine(folder, _sameName == 1 ? name : $"{name}-{_sameName}") + ExtensionOf(notification.ContentType);
        try
        {
            var part = path + ".part";
            await using (var file = PrivateFiles.Open(part, FileMode.Create, FileShare.None))
                await file.WriteAsync(UpdateText.Of(notification).Bytes, cancellationToken);
            File.Move(part, path, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"An update could not be saved: {e.Message}";
        }
    }

    private static string ExtensionOf(string? contentType)
    {
        var type = (contentType ?? "").Split(';')[0].Trim();
        if (Extensions.TryGetValue(type, out var extension))
            return extension;
        return type.EndsWith("+xml", StringComparison.OrdinalIgnoreCase) ? ".xml"
            : type.EndsWith("+json", StringComparison.OrdinalIgnoreCase) ? ".json"
            : type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) ? ".txt"
            : ".bin";
    }
}
