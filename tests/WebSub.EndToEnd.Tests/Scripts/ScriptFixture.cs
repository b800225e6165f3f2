using System.Runtime.Versioning;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Scripts;

/// <summary>What tests of the scripts start from.</summary>
[UnsupportedOSPlatform("windows")]
internal static class ScriptFixture
{
    /// <summary>A clone with nothing in it but the scripts.</summary>
    public static string Clone(DirectoryInfo folder)
    {
        var clone = folder.CreateSubdirectory("clone");
        clone.CreateSubdirectory("eng");
        foreach (
            var file in new[] { "test.sh", "demo.sh", "docs.sh", "websub", "global.json", "eng/prerequisites.sh", "eng/publish-cli.sh" }
        )
        {
            File.Copy(Path.Combine(Repository.Root, file), Path.Combine(clone.FullName, file));
        }

        return clone.FullName;
    }

    /// <summary>An environment whose PATH has all of this machine's programs but one, and some of ours.</summary>
    public static Dictionary<string, string?> PathWithout(DirectoryInfo folder, string absent, params (string Name, string Script)[] own)
    {
        var bin = folder.CreateSubdirectory("bin").FullName;
        foreach (
            var program in (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(':')
                .Where(Directory.Exists)
                .SelectMany(Directory.EnumerateFiles)
        )
        {
            var link = Path.Combine(bin, Path.GetFileName(program));
            if (Path.GetFileName(program) != absent && !File.Exists(link))
                File.CreateSymbolicLink(link, program);
        }

        foreach (var (name, script) in own)
        {
            var file = Path.Combine(bin, name);
            File.Delete(file);
            File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return new()
        {
            ["PATH"] = bin,
            ["CI"] = null,
            ["DOTNET_ROOT"] = null,
        };
    }
}
