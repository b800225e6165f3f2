using Microsoft.Extensions.Configuration;

namespace WebSub.Settings;

/// <summary>
/// All settings of a package: used to read the configuration, to check options set in code, and to generate the settings page in docs.
/// </summary>
internal sealed class SettingTable<TOptions>(params SettingSection<TOptions>[] sections)
    where TOptions : new()
{
    public IEnumerable<Setting<TOptions>> Settings => sections.SelectMany(s => s.Settings);

    /// <summary>Sets the options from configuration. Returns a sentence for every invalid value and every unknown name.</summary>
    public IReadOnlyList<string> Read(IConfiguration configuration, TOptions options)
    {
        var faults = new List<string>();
        foreach (var section in sections)
        {
            var reader = new SettingReader(configuration, section.Path);
            foreach (var setting in section.Settings)
                setting.Read(reader, options);
            if (section.IsOurs)
                reader.RefuseOthers();
            faults.AddRange(reader.Faults);
        }

        faults.AddRange(MisspelledSections.In(configuration));
        return faults;
    }

    /// <summary>A sentence for every option whose value is not allowed.</summary>
    public IEnumerable<string> Check(TOptions options) => Settings.SelectMany(s => s.Check(options));
}
