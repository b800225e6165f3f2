namespace WebSub.Settings;

/// <summary>
/// What the value of a setting may be, defined once for text from configuration, for values set in code, and for messages about either.
/// </summary>
/// <param name="allowed">The end of the sentence "expected …".</param>
/// <param name="tryParse">Reads it from text.</param>
/// <param name="write">Writes it the way it is read.</param>
internal sealed class SettingForm<T>(string allowed, SettingForm<T>.TryParse tryParse, Func<T, string> write)
{
    /// <summary>The end of the sentence "expected …".</summary>
    public string Allowed { get; } = allowed;

    /// <summary>The same for a list of them.</summary>
    public string AllowedInList { get; init; } = allowed;

    /// <summary>Whether a value is one of those allowed.</summary>
    public Func<T, bool> IsAllowed { get; init; } = _ => true;

    /// <summary>Writes a value the way it is read.</summary>
    public Func<T, string> Write { get; } = write;

    /// <summary>Reads a value; false if it is malformed or not allowed.</summary>
    public bool TryRead(string text, out T value) => tryParse(text, out value) && IsAllowed(value);

    /// <summary>Reads a value from text.</summary>
    internal delegate bool TryParse(string text, out T value);
}
