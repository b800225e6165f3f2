using Microsoft.Extensions.Configuration;

namespace WebSub.Settings;

/// <summary>Finds sections with names close to ours, and connection strings whose names begin like ours.</summary>
internal static class MisspelledSections
{
    private static readonly string[] Sections = ["Hub", "Subscriber", "Publisher", "Predicates", "Administration", "Storage", "Outbound"];
    private static readonly string[] ConnectionStrings = ["WebSub", "WebSubSubscriber", "WebSubPublisher"];

    public static IEnumerable<string> In(IConfiguration configuration)
    {
        // The app may have its own sections below WebSub, so only near misses count.
        foreach (var child in configuration.GetSection("WebSub").GetChildren())
        {
            if (!Sections.Contains(child.Key, StringComparer.OrdinalIgnoreCase) && NearestName.Find(child.Key, Sections) is { } meant)
                yield return $"{child.Path} is not a settings section; did you mean WebSub:{meant}?";
        }

        foreach (var child in configuration.GetSection("ConnectionStrings").GetChildren())
        {
            if (
                child.Key.StartsWith("WebSub", StringComparison.OrdinalIgnoreCase)
                && !ConnectionStrings.Contains(child.Key, StringComparer.OrdinalIgnoreCase)
            )
                yield return $"{child.Path} is not a setting; WebSub's connection strings are {string.Join(", ", ConnectionStrings)}.";
        }
    }
}
