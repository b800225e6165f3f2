using Microsoft.AspNetCore.Http;

namespace WebSub.Hub.Dashboard.Components;

/// <summary>The way from a page to the root of the dashboard.</summary>
internal static class RelativeBase
{
    public static string Of(PathString path) =>
        path.Value!.Count(c => c == '/') switch
        {
            <= 1 => "./",
            var slashes => string.Concat(Enumerable.Repeat("../", slashes - 1)),
        };
}
