using Microsoft.Extensions.Configuration;

namespace WebSub.Settings;

/// <summary>
/// All settings of a package: what reads the configuration, what checks options that code has set, and what the settings page in docs is
/// written from.
/// </summary>
internal sealed class SettingTable<TOptions>(params SettingSection<TOptions>[] sections)
    where TOptions : new()
{
    public IEnumerable<Setting<TOptions>> Settings => sections.SelectMany(s => s.Settings);

    /// <summary>Sets the options from configuration. Returns a sentence for every value that cannot be taken and every unknown name.</summary>
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
