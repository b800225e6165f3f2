using Microsoft.Extensions.Configuration;

namespace WebSub.Settings;

/// <summary>
/// Reads the settings of one section by name and collects a sentence for every value that cannot be taken: its full name, the value seen,
/// what is allowed. A list is <c>1,2,3</c> or an array and replaces the default (the framework's binder would append to it). Compiled into
/// each package that has settings.
/// </summary>
internal sealed class SettingReader(IConfiguration configuration, string path)
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _trees = [];

    public List<string> Faults { get; } = [];

    /// <summary>The section itself, for what is read in a way of its own.</summary>
    public IConfigurationSection Section { get; } = configuration.GetSection(path);

    /// <summary>A reader of a section below this one.</summary>
    public SettingReader At(IConfigurationSection below) => new(configuration, below.Path);

    /// <summary>Says that something else reads these settings, and whatever is below them.</summary>
    public void Knows(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _names.Add(name);
            _trees.Add(name + ":");
        }
    }

    /// <summary>
    /// A fault for every key of the section that nothing has asked for: a misspelled setting must not be ignored in silence. Comes after
    /// all others.
    /// </summary>
    public void RefuseOthers()
    {
        foreach (var (key, value) in Section.AsEnumerable(makePathsRelative: true).OrderBy(k => k.Key, StringComparer.Ordinal))
        {
            if (value is null || _names.Contains(key) || _trees.Exists(t => key.StartsWith(t, StringComparison.OrdinalIgnoreCase)))
                continue;
            Faults.Add($"{path}:{key} is not a setting{(NearestName.Find(key, _names) is { } meant ? $"; did you mean {path}:{meant}?" : ".")}");
        }
    }

    /// <summary>Reads one value; nothing is set where there is none, or a bad one.</summary>
    public void Read<T>(string name, SettingForm<T> form, Action<T> set)
    {
        _names.Add(name);
        if (Section[name] is not { Length: > 0 } raw)
            return;
        var text = raw.Trim();
        if (form.TryRead(text, out var value))
            set(value);
        else
            Faults.Add(SettingFault.Is($"{path}:{name}", text, form.Allowed));
    }

    /// <summary>Reads a list; nothing is set where there is none, or one with a bad value.</summary>
    public void ReadList<T>(string name, SettingForm<T> form, Action<IReadOnlyList<T>> set)
    {
        Knows(name);
        var key = Section.GetSection(name);
        var texts = key.Value is { } joined
            ? joined.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. key.GetChildren().Select(c => c.Value ?? "")];
        if (key.Value is null && texts.Length == 0)
            return;

        var values = new List<T>();
        foreach (var text in texts)
        {
            if (form.TryRead(text, out var value))
                values.Add(value);
            else
                Faults.Add(SettingFault.Has($"{path}:{name}", text, form.AllowedInList));
        }

        if (values.Count == texts.Length)
            set(values);
    }
}
