namespace WebSub.Settings;

/// <summary>One row of a package's table of settings.</summary>
/// <param name="Name">Its full name, for example <c>WebSub:Hub:Delivery:TimeoutSeconds</c>.</param>
/// <param name="Default">Its value if it is not set, as shown on the settings page.</param>
/// <param name="Allowed">What it may be, as shown on the settings page and in the error for a bad value.</param>
/// <param name="Meaning">What it does, in Markdown.</param>
/// <param name="Read">Sets the option from configuration, if it is there.</param>
/// <param name="Check">What is wrong with the option's current value, in sentences.</param>
internal sealed record Setting<TOptions>(
    string Name,
    string Default,
    string Allowed,
    string Meaning,
    Action<SettingReader, TOptions> Read,
    Func<TOptions, IEnumerable<string>> Check
);
