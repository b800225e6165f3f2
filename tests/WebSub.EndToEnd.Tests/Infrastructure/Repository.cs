using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>Where the clone is, and the programs that were built in it.</summary>
internal static class Repository
{
    /// <summary>The folder with <c>WebSub.slnx</c>.</summary>
    public static string Root => RepositoryRoot.Folder;

    /// <summary>The <c>dotnet</c> that runs the tests runs the programs too.</summary>
    public static string DotNet { get; } =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    /// <summary>The command line.</summary>
    public static string Cli => Program("src", "WebSub.Cli");

    /// <summary>The hub.</summary>
    public static string Server => Program("src", "WebSub.Server");

    /// <summary>The dll of a program, built in the same configuration as the tests.</summary>
    public static string Program(string folder, string name)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Root, folder, name, "bin", output.Parent!.Name, output.Name, $"{name}.dll");
    }
}
