namespace WebSub.TestSupport;

/// <summary>The folder of the clone that the tests run in: the one with <c>WebSub.slnx</c>.</summary>
internal static class RepositoryRoot
{
    public static string Folder { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "WebSub.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests do not run inside a clone of the repository.");
    }
}
