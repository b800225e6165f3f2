namespace WebSub.Fuzz;

/// <summary>The inputs in the repository, a folder for each target. Those that once failed are among them.</summary>
internal static class Corpus
{
    public static IReadOnlyList<byte[]> Of(string target) => [.. Files(target).Select(File.ReadAllBytes)];

    public static IReadOnlyList<string> Files(string target) =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Corpus", target)).Order(StringComparer.Ordinal)];
}
