namespace WebSub.Settings;

/// <summary>
/// What the value of a setting may be: one place says it for text that is read, for values that code sets, and for whoever is told about
/// either.
/// </summary>
/// <param name="allowed">The end of the sentence "expected …".</param>
/// <param name="tryParse">Reads it from text.</param>
/// <param name="write">Writes it as it would be read.</param>
internal sealed class SettingForm<T>(string allowed, SettingForm<T>.TryParse tryParse, Func<T, string> write)
{
    /// <summary>The end of the sentence "expected …".</summary>
    public string Allowed { get; } = allowed;

    /// <summary>The same for a list of them.</summary>
    public string AllowedInList { get; init; } = allowed;

    /// <summary>Whether a value is one of those allowed.</summary>
    public Func<T, bool> IsAllowed { get; init; } = _ => true;

    /// <summary>Writes a value as it would be read.</summary>
    public Func<T, string> Write { get; } = write;

    /// <summary>Reads a value; false if it is none, or none that is allowed.</summary>
    public bool TryRead(string text, out T value) => tryParse(text, out value) && IsAllowed(value);

    /// <summary>Reads a value from text.</summary>
    internal delegate bool TryParse(string text, out T value);
}
