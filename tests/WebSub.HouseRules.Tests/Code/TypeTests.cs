using System.Reflection;
using NetArchTest.Rules;

namespace WebSub.HouseRules.Tests.Code;

/// <summary>What holds for the types of the packages as they were compiled.</summary>
public sealed class TypeTests
{
    [Fact]
    public void Floors_OfThePage_AreAllFolders()
    {
        var floors = Floors.OfThePage();

        var missing = floors.SelectMany(p => p.Missing().Select(f => $"{p.Package}: {f} is not on the page"));

        Assert.True(floors.Count >= 4, $"{floors.Count} packages with floors");
        Findings.AssertNone(missing);
    }

    [Fact]
    public void Folders_UseOnlyThoseBelowThem()
    {
        var upwards =
            from package in Floors.OfThePage()
            from folder in package.Folders.Index()
            from type in UsersOf(package, folder.Item, package.Folders.Skip(folder.Index + 1))
            select $"{type} uses a folder above its own";

        Findings.AssertNone(upwards);
    }

    [Fact]
    public void ConcreteTypes_AreSealed()
    {
        var open =
            from assembly in Packages
            from type in assembly.GetTypes()
            where type is { IsClass: true, IsAbstract: false, IsSealed: false }
            where type.Namespace?.StartsWith("WebSub", StringComparison.Ordinal) == true
            where !IsOfRazor(type)
            where !type.Assembly.GetTypes().Any(t => t.BaseType == type)
            select $"{type.FullName} is neither sealed nor abstract, and nothing derives from it";

        Findings.AssertNone(open);
    }

    /// <summary>What the compiler of .razor files makes is open, whatever the file says.</summary>
    private static bool IsOfRazor(Type type) =>
        typeof(Microsoft.AspNetCore.Components.IComponent).IsAssignableFrom(type) || type.Name == "_Imports";

    private static IEnumerable<string> UsersOf(Floors package, string folder, IEnumerable<string> above)
    {
        var name = package.NamespaceOf(folder);
        // A folder inside another one is a floor of its own.
        var inner = package.Folders.Where(f => f.StartsWith(folder + "/", StringComparison.Ordinal)).Select(package.NamespaceOf).ToList();
        var forbidden = above.Select(package.NamespaceOf).Where(n => n != name).ToArray();
        if (forbidden.Length == 0)
            return [];
        var result = Types
            .InAssembly(Assembly.Load(package.Package))
            .That()
            .ResideInNamespace(name)
            .Should()
            .NotHaveDependencyOnAny(forbidden)
            .GetResult();
        return (result.FailingTypes ?? [])
            .Select(t => t.FullName)
            .Where(t => !inner.Any(i => t.StartsWith(i + ".", StringComparison.Ordinal)));
    }

    private static IEnumerable<Assembly> Packages =>
        Directory
            .EnumerateDirectories(Repository.File("src"))
            .Select(Path.GetFileName)
            .Where(n => n != "Shared")
            .Select(n => Assembly.Load(n!));
}
