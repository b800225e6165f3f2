using System.Reflection;

namespace WebSub.Server;

/// <summary>What <c>--help</c> and <c>--version</c> answer.</summary>
internal static class ServerHelp
{
    public const string Text = """
        WebSub.Server: a WebSub hub.

          WebSub.Server [--SETTING VALUE]…         runs until Ctrl-C or SIGTERM
          WebSub.Server check [--SETTING VALUE]…   says whether the settings and the database would do; starts and changes nothing
          WebSub.Server --help | --version

        The most common settings:

          --urls http://127.0.0.1:5080             where it listens; this is the default, by the name localhost
          --WebSub:Hub:PublicUrl URL               the hub's address as others see it, such as https://hub.example/hub
          --ConnectionStrings:WebSub STRING        "Data Source=FILE" for SQLite (websub.db), or postgres://USER@HOST/DATABASE

        Settings also come from appsettings.json and appsettings.Production.json in the working folder, and from the environment:
        WebSub__Hub__PublicUrl. docs/reference/settings-hub.md lists all of them; docs/operations/deployment.md is about running it.

        Exit codes: 0 stopped, or nothing to complain of; 1 failed; 2 wrong settings. check: 0 or 1.
        """;

    /// <summary>The version that the build stamped into the program.</summary>
    public static string Version =>
        typeof(ServerHelp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
