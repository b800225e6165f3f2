namespace WebSub.LoadTests;

/// <summary>Where the clone is, and what was built in it.</summary>
internal static class Clone
{
    /// <summary>The folder with <c>WebSub.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The server, built in the same configuration as this program.</summary>
    public static string Server => ProgramOf("WebSub.Server");

    /// <summary>The command line, built in the same configuration as this program.</summary>
    public static string Cli => ProgramOf("WebSub.Cli");

    private static string ProgramOf(string project)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Root, "src", project, "bin", output.Parent!.Name, output.Name, project + ".dll");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "WebSub.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The load tests do not run inside a clone of the repository.");
    }
}
