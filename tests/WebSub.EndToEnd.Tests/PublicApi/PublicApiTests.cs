using System.Reflection;
using System.Xml.Linq;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.PublicApi;

/// <summary>The public surface of every library is what eng/PublicApi says, so that a change of it is seen in review.</summary>
public sealed class PublicApiTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "eng", "PublicApi");

    public static TheoryData<string> Libraries => [.. Names()];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Library_PublicSurface_IsAsReviewed(string library)
    {
        var file = Path.Combine(Folder, library + ".txt");
        var actual = PublicApiText.Of(Load(library));
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_API") == "1")
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(file, actual);
            Assert.Skip($"eng/PublicApi/{library}.txt was rewritten from the code; review its diff.");
        }

        var reviewed = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";

        if (actual != reviewed)
            Assert.Fail(Explain(library, reviewed.Split('\n'), actual.Split('\n')));
    }

    [Fact]
    public void Snapshots_EachBelongsToALibrary()
    {
        var snapshots = Directory.GetFiles(Folder, "*.txt").Select(Path.GetFileNameWithoutExtension);

        Assert.Empty(snapshots.Except(Names()));
    }

    private static string Explain(string library, string[] reviewed, string[] actual) =>
        string.Join(
            '\n',
            [
                $"The public surface of {library} is not what eng/PublicApi/{library}.txt says.",
                "If the change is meant, run  UPDATE_PUBLIC_API=1 ./test.sh --project WebSub.EndToEnd.Tests  and commit the file. Lines that differ:",
                .. reviewed.Except(actual).Select(l => "- " + l),
                .. actual.Except(reviewed).Select(l => "+ " + l),
            ]
        );

    private static Assembly Load(string library)
    {
        try
        {
            return Assembly.Load(library);
        }
        catch (FileNotFoundException e)
        {
            throw new InvalidOperationException(
                $"Add a reference to src/{library} to WebSub.EndToEnd.Tests.csproj: the public surface of every library is compared.",
                e
            );
        }
    }

    // Programs have no public surface.
    private static IEnumerable<string> Names() =>
        Directory
            .GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(p =>
                XDocument.Load(p).Root is { } project
                && project.Attribute("Sdk")?.Value != "Microsoft.NET.Sdk.Web"
                && project.Descendants("OutputType").All(o => o.Value != "Exe")
            )
            .Select(p => Path.GetFileNameWithoutExtension(p)!)
            .Order(StringComparer.Ordinal);
}
