namespace WebSub.Settings;

/// <summary>The settings below one path of the configuration, in the order in which they are read and documented.</summary>
/// <param name="path">For example <c>WebSub:Hub</c>.</param>
internal sealed class SettingSection<TOptions>(string path)
    where TOptions : new()
{
    private const string None = "none";
    private static readonly TOptions Defaults = new();
    private readonly List<Setting<TOptions>> _settings = [];

    public string Path => path;

    /// <summary>False for a section that also has settings of others.</summary>
    public bool IsOurs { get; init; } = true;

    public IReadOnlyList<Setting<TOptions>> Settings => _settings;

    /// <summary>Adds a setting that has one value.</summary>
    /// <param name="name">Its name below the path.</param>
    /// <param name="form">What it may be.</param>
    /// <param name="get">Reads the option; null is "not set".</param>
    /// <param name="set">Writes the option.</param>
    /// <param name="meaning">What it does, in Markdown.</param>
    /// <param name="standard">The default as shown on the settings page; null for the value that the options have.</param>
    public SettingSection<TOptions> Add<T>(
        string name,
        SettingForm<T> form,
        Func<TOptions, T?> get,
        Action<TOptions, T> set,
        string meaning,
        string? standard = null
    )
        where T : struct =>
        Add(
            name,
            standard ?? (get(Defaults) is { } value ? form.Write(value) : None),
            form.Allowed,
            meaning,
            (reader, options) => reader.Read(name, form, v => set(options, v)),
            options =>
                get(options) is { } value && !form.IsAllowed(value)
                    ? [SettingFault.Is(FullName(name), form.Write(value), form.Allowed)]
                    : []
        );

    /// <summary>The same for a class: the compiler distinguishes a nullable struct from a nullable reference.</summary>
    public SettingSection<TOptions> Add<T>(
        string name,
        SettingForm<T> form,
        Func<TOptions, T?> get,
        Action<TOptions, T> set,
        string meaning,
        string? standard = null
    )
        where T : class =>
        Add(
            name,
            standard ?? (get(Defaults) is { } value ? form.Write(value) : None),
            form.Allowed,
            meaning,
            (reader, options) => reader.Read(name, form, v => set(options, v)),
            options =>
                get(options) is { } value && !form.IsAllowed(value)
                    ? [SettingFault.Is(FullName(name), form.Write(value), form.Allowed)]
                    : []
        );

    /// <summary>Adds a list, which replaces the default (the framework's binder would append to it).</summary>
    public SettingSection<TOptions> AddList<T>(
        string name,
        SettingForm<T> form,
        Func<TOptions, IEnumerable<T>> get,
        Action<TOptions, IReadOnlyList<T>> set,
        string meaning,
        string? standard = null,
        bool isRequired = false
    ) =>
        Add(
            name,
            standard ?? (get(Defaults).Any() ? string.Join(',', get(Defaults).Select(form.Write)) : None),
            form.AllowedInList,
            meaning,
            (reader, options) => reader.ReadList(name, form, v => set(options, v)),
            options =>
                [
                    .. get(options)
                        .Where(v => !form.IsAllowed(v))
                        .Select(v => SettingFault.Has(FullName(name), form.Write(v), form.AllowedInList)),
                    .. isRequired && !get(options).Any() ? [SettingFault.IsEmpty(FullName(name), form.AllowedInList)] : (string[])[],
                ]
        );

    /// <summary>Adds a setting that is read and checked in its own way; everything below it belongs to it.</summary>
    /// <param name="name">Its name below the path.</param>
    /// <param name="standard">Its default, as shown on the settings page.</param>
    /// <param name="allowed">What it may be, as shown on the settings page.</param>
    /// <param name="meaning">What it does, in Markdown.</param>
    /// <param name="read">Reads it; faults are added to the reader.</param>
    /// <param name="check">What is wrong with the option's current value.</param>
    public SettingSection<TOptions> AddTree(
        string name,
        string standard,
        string allowed,
        string meaning,
        Action<SettingReader, TOptions> read,
        Func<TOptions, IEnumerable<string>> check
    ) =>
        Add(
            name,
            standard,
            allowed,
            meaning,
            (reader, options) =>
            {
                reader.Knows(name);
                read(reader, options);
            },
            check
        );

    private SettingSection<TOptions> Add(
        string name,
        string standard,
        string allowed,
        string meaning,
        Action<SettingReader, TOptions> read,
        Func<TOptions, IEnumerable<string>> check
    )
    {
        _settings.Add(new(FullName(name), standard, allowed, meaning, read, check));
        return this;
    }

    private string FullName(string name) => $"{path}:{name}";
}
