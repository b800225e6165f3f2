namespace WebSub.HouseRules.Tests;

/// <summary>The clone that the tests were built in.</summary>
internal static class Repository
{
    private static readonly string[] Skipped = [".git", ".dotnet", ".vs", ".idea", "bin", "obj", "artifacts", "TestResults"];

    /// <summary>The folder with <c>WebSub.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All files but what building and tools leave behind.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. FilesIn(Root).Order(StringComparer.Ordinal)];

    /// <summary>The same with one of these extensions.</summary>
    public static IEnumerable<string> FilesWith(params string[] extensions) =>
        Files.Where(f => extensions.Contains(Path.GetExtension(f), StringComparer.Ordinal));

    /// <summary>The path from the root, with slashes.</summary>
    public static string Name(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    /// <summary>The file at this path from the root.</summary>
    public static string File(string name) => Path.Combine(Root, name);

    private static IEnumerable<string> FilesIn(string folder) =>
        Directory
            .EnumerateFiles(folder)
            .Concat(Directory.EnumerateDirectories(folder).Where(d => !Skipped.Contains(Path.GetFileName(d))).SelectMany(FilesIn));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "WebSub.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests do not run inside a clone of the repository.");
    }
}
