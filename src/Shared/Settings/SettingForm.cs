using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WebSub.Values;

namespace WebSub.Settings;

/// <summary>The forms that settings take.</summary>
internal static class SettingForm
{
    public static SettingForm<string> Text { get; } = new("text", Any, text => text);

    public static SettingForm<bool> Boolean { get; } = new("true or false", bool.TryParse, value => value ? "true" : "false");

    public static SettingForm<Uri> Url { get; } =
        new("an absolute http or https URL", TryParseUrl, value => value.OriginalString) { IsAllowed = IsHttp };

    /// <summary>A URL to which paths are appended.</summary>
    public static SettingForm<Uri> BaseUrl { get; } =
        new("an absolute http or https URL without query and fragment", TryParseUrl, value => value.OriginalString)
        {
            IsAllowed = url => IsHttp(url) && url.Query.Length == 0 && url.Fragment.Length == 0,
        };

    /// <summary>A URL that is used byte for byte. In a list, one that has a comma needs the array form.</summary>
    public static SettingForm<string> ExactUrl { get; } =
        new("an absolute http or https URL", Any, text => text)
        {
            IsAllowed = text => VerbatimUrl.TryCreate(text, out _, out _),
            AllowedInList = "absolute http or https URLs",
        };

    public static SettingForm<string> ConnectionString { get; } =
        new("a SQLite or PostgreSQL connection string, or a postgres:// address", Any, text => text)
        {
            IsAllowed = text => !string.IsNullOrWhiteSpace(text),
        };

    public static SettingForm<IPNetwork> Network { get; } =
        new("a CIDR range", IPNetwork.TryParse, value => value.ToString()) { AllowedInList = "CIDR ranges such as 10.0.0.0/8" };

    public static SettingForm<X509Certificate2Collection> Certificates { get; } =
        new("a file with certificates in PEM", TryReadCertificates, _ => "certificates")
        {
            AllowedInList = "files with certificates in PEM",
        };

    /// <param name="min">The minimum.</param>
    /// <param name="max">The maximum.</param>
    /// <param name="unit">What is counted, in the plural; null if the setting's name says it.</param>
    public static SettingForm<long> Integer(long min, long max, string? unit = null) =>
        new(Allowed($"a whole number{Of(unit)}", min, max), TryParseInteger, value => value.ToString(CultureInfo.InvariantCulture))
        {
            IsAllowed = value => value >= min && value <= max,
        };

    /// <inheritdoc cref="Integer"/>
    public static SettingForm<int> Count(int min, int max, string? unit = null) =>
        new(
            Allowed($"a whole number{Of(unit)}", min, max),
            (text, out value) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value),
            value => value.ToString(CultureInfo.InvariantCulture)
        )
        {
            IsAllowed = value => value >= min && value <= max,
        };

    public static SettingForm<double> Fraction(double min, double max) =>
        new(Allowed("a number", min, max), TryParseNumber, value => value.ToString(CultureInfo.InvariantCulture))
        {
            IsAllowed = value => value >= min && value <= max,
        };

    public static SettingForm<TimeSpan> Seconds(double min, double max) => Time("seconds", min, max, TimeSpan.TicksPerSecond);

    public static SettingForm<TimeSpan> Milliseconds(double min, double max) =>
        Time("milliseconds", min, max, TimeSpan.TicksPerMillisecond);

    public static SettingForm<T> Choice<T>()
        where T : struct, Enum =>
        new("one of " + string.Join(", ", Enum.GetNames<T>()), TryParseName, value => $"{value}")
        {
            IsAllowed = Enum.IsDefined,
            AllowedInList = "a list of " + string.Join(", ", Enum.GetNames<T>()),
        };

    private static SettingForm<TimeSpan> Time(string unit, double min, double max, long ticks) =>
        new(
            Allowed($"a number of {unit}", min, max),
            (text, out value) =>
            {
                // A number that no TimeSpan can hold is out of every range, so it must not throw here.
                var isNumber = TryParseNumber(text, out var number) && number >= min && number <= max;
                value = isNumber ? TimeSpan.FromTicks((long)Math.Round(number * ticks)) : default;
                return isNumber;
            },
            value => ((decimal)value.Ticks / ticks).ToString("0.#######", CultureInfo.InvariantCulture)
        )
        {
            IsAllowed = value => value.Ticks >= min * ticks && value.Ticks <= max * ticks,
            AllowedInList = $"a list of {unit} such as 5,30,120, each from {Write(min)} to {Write(max)}",
        };

    private static string Allowed(string what, double min, double max) => $"{what} from {Write(min)} to {Write(max)}";

    private static string Allowed(string what, long min, long max) => $"{what} from {min} to {max}";

    private static string Of(string? unit) => unit is null ? "" : $" of {unit}";

    private static string Write(double number) => ((decimal)number).ToString(CultureInfo.InvariantCulture);

    private static bool Any(string text, out string value)
    {
        value = text;
        return text.Length > 0;
    }

    private static bool IsHttp(Uri url) => url is { IsAbsoluteUri: true, Scheme: "http" or "https" };

    private static bool TryParseUrl(string text, out Uri value) => Uri.TryCreate(text, UriKind.Absolute, out value!);

    private static bool TryParseInteger(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool TryParseNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    // The names only: the framework would also read numbers, and "a,b" as flags.
    private static bool TryParseName<T>(string text, out T value)
        where T : struct, Enum =>
        Enum.TryParse(text, ignoreCase: true, out value) && Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase);

    private static bool TryReadCertificates(string file, out X509Certificate2Collection certificates)
    {
        certificates = [];
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return false;
        }

        return certificates.Count > 0;
    }
}
