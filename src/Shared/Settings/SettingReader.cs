using Microsoft.Extensions.Configuration;

namespace WebSub.Settings;

/// <summary>
/// Reads the settings of one section by name and collects a sentence for every invalid value: its full name, the value, and what is
/// allowed. A list is <c>1,2,3</c> or an array and replaces the default (the framework's binder would append to it). Compiled into each
/// package that has settings.
/// </summary>
internal sealed class SettingReader(IConfiguration configuration, string path)
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _trees = [];

    public List<string> Faults { get; } = [];

    /// <summary>The section itself, for settings that are read in a special way.</summary>
    public IConfigurationSection Section { get; } = configuration.GetSection(path);

    /// <summary>A reader for a section below this one.</summary>
    public SettingReader At(IConfigurationSection below) => new(configuration, below.Path);

    /// <summary>Marks these settings, and everything below them, as read elsewhere.</summary>
    public void Knows(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _names.Add(name);
            _trees.Add(name + ":");
        }
    }

    /// <summary>
    /// Adds a fault for every key of the section that was not read: a misspelled setting must not be ignored silently. Call it last.
    /// </summary>
    public void RefuseOthers()
    {
        foreach (var (key, value) in Section.AsEnumerable(makePathsRelative: true).OrderBy(k => k.Key, StringComparer.Ordinal))
        {
            if (value is null || _names.Contains(key) || _trees.Exists(t => key.StartsWith(t, StringComparison.OrdinalIgnoreCase)))
                continue;
            var hint = NearestName.Find(key, _names) is { } meant ? $"; did you mean {path}:{meant}?" : ".";
            Faults.Add($"{path}:{key} is not a setting{hint}");
        }
    }

    /// <summary>Reads one value; sets nothing if there is none, or it is invalid.</summary>
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

    /// <summary>Reads a list; sets nothing if there is none, or it has an invalid value.</summary>
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
