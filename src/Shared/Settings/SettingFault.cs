namespace WebSub.Settings;

/// <summary>The sentences about invalid settings: the full name, the value, and what is allowed.</summary>
internal static class SettingFault
{
    public static string Is(string name, string value, string allowed) => $"{name} is \"{value}\"; expected {allowed}.";

    /// <summary>A list with something wrong in it.</summary>
    public static string Has(string name, string value, string allowed) => $"{name} has \"{value}\"; expected {allowed}.";

    public static string IsEmpty(string name, string allowed) => $"{name} is empty; expected {allowed}.";
}
