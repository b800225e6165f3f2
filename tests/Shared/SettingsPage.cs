using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace WebSub.TestSupport;

/// <summary>
/// A page of settings in docs/reference. Between <c>&lt;!-- settings: PREFIX … --&gt;</c> and <c>&lt;!-- end --&gt;</c> it has a table
/// of the
/// settings that begin so, which is written from the code's own. <c>UPDATE_SETTINGS_PAGES=1</c> rewrites it.
/// </summary>
internal sealed partial class SettingsPage
{
    private readonly string _file;
    private readonly string _text;

    /// <param name="name">The page's file name.</param>
    public SettingsPage(string name)
    {
        _file = Path.Combine(RepositoryRoot.Folder, "docs", "reference", name);
        _text = File.ReadAllText(_file).ReplaceLineEndings("\n");
    }

    /// <summary>The settings that the page's text names with their full names.</summary>
    public IEnumerable<string> Named =>
        _text
            .Split('`')
            .Where((text, i) => i % 2 == 1 && text.StartsWith("WebSub:", StringComparison.Ordinal))
            .Where(text => !text.EndsWith("NAME", StringComparison.Ordinal));

    public void AssertTablesAreThoseOf(IEnumerable<(string Name, string Default, string Allowed, string Meaning)> settings)
    {
        var left = settings.ToList();
        var current = Block()
            .Replace(
                _text,
                block =>
                {
                    var prefixes = block.Groups["prefixes"].Value.Split(' ');
                    var rows = left.FindAll(s =>
                        Array.Exists(prefixes, p => s.Name == p || s.Name.StartsWith(p + ":", StringComparison.Ordinal))
                    );
                    left.RemoveAll(rows.Contains);
                    return $"{block.Groups["begin"].Value}\n\n{Table(rows)}\n<!-- end -->";
                }
            );

        Assert.Empty(left);
        if (Environment.GetEnvironmentVariable("UPDATE_SETTINGS_PAGES") == "1")
        {
            File.WriteAllText(_file, current);
            Assert.Skip($"{Path.GetFileName(_file)} was rewritten from the code; review its diff.");
        }

        Assert.True(
            current == _text,
            $"{Path.GetFileName(_file)} does not say what the code says. Run  UPDATE_SETTINGS_PAGES=1 ./test.sh -- -method '*_TablesAre*'"
        );
    }

    private static string Table(IEnumerable<(string Name, string Default, string Allowed, string Meaning)> rows)
    {
        var table = new StringBuilder("| Setting | Default | Allowed | Meaning |\n|---|---|---|---|\n");
        foreach (var (name, standard, allowed, meaning) in rows)
            table.Append($"| `{name}` | {standard} | {allowed} | {meaning} |\n");
        return table.ToString();
    }

    [GeneratedRegex("(?<begin><!-- settings: (?<prefixes>[^>]*) -->).*?<!-- end -->", RegexOptions.Singleline, 1000)]
    private static partial Regex Block();
}
