namespace WebSub.Settings;

/// <summary>One row of a package's table of settings.</summary>
/// <param name="Name">Its full name, for example <c>WebSub:Hub:Delivery:TimeoutSeconds</c>.</param>
/// <param name="Default">What holds where it is not set, as the settings page says it.</param>
/// <param name="Allowed">What it may be, as the settings page and the message about a bad one say it.</param>
/// <param name="Meaning">What it does, in Markdown.</param>
/// <param name="Read">Sets the option from configuration, if that has it.</param>
/// <param name="Check">What is wrong with the option as it stands, in sentences.</param>
internal sealed record Setting<TOptions>(
    string Name,
    string Default,
    string Allowed,
    string Meaning,
    Action<SettingReader, TOptions> Read,
    Func<TOptions, IEnumerable<string>> Check
);
