using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using WebSub.Http;
using WebSub.Values;

namespace WebSub.Configuration;

/// <summary>
/// Reads settings by name and collects a sentence for every value that cannot be taken: its full name, the value seen, what is allowed. A
/// list is <c>1,2,3</c> or an array and replaces the default (the framework's binder would append to it). Compiled into each package that
/// has settings.
/// </summary>
internal sealed class SettingReader(IConfiguration configuration, string section)
{
    private static readonly string[] Sections = ["Hub", "Subscriber", "Publisher", "Predicates", "Administration", "Storage", "Outbound"];
    private static readonly string[] ConnectionStrings = ["WebSub", "WebSubSubscriber", "WebSubPublisher"];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _trees = [];

    public List<string> Faults { get; } = [];

    /// <summary>The full names of the settings that this reader was asked for.</summary>
    public IEnumerable<string> Names => _names.Select(n => $"{section}:{n}");

    /// <summary>
    /// Reads <c>WebSub:Outbound</c>, which all parts share, and looks for sections that are misspelled. Returns the faults; adds the names
    /// to <paramref name="names"/>.
    /// </summary>
    public static List<string> ReadOutbound(IConfiguration configuration, OutboundOptions options, List<string>? names = null)
    {
        var reader = new SettingReader(configuration, "WebSub:Outbound");
        reader.Boolean("AllowPrivateNetworks", v => options.AllowPrivateNetworks = v);
        reader.List(
            "AllowedNetworks",
            "CIDR ranges such as 10.0.0.0/8",
            (string text, out IPNetwork network) => IPNetwork.TryParse(text, out network),
            v => options.AllowedNetworks = v
        );
        reader.Url("Proxy", v => options.Proxy = v);
        reader.List<X509Certificate2Collection>(
            "TrustedAuthorities",
            "files with certificates in PEM",
            TryReadCertificates,
            v => options.TrustedAuthorities = [.. v.SelectMany(c => c)]
        );
        reader.RefuseOthers();
        names?.AddRange(reader.Names);
        return [.. reader.Faults, .. FindMisspelled(configuration)];
    }

    /// <summary>Says that something else reads these settings, and whatever is below them.</summary>
    public void Knows(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _names.Add(name);
            _trees.Add(name + ":");
        }
    }

    /// <summary>
    /// A fault for every key of the section that nobody has asked for: a misspelled setting must not be ignored in silence. Comes after all
    /// others.
    /// </summary>
    public void RefuseOthers()
    {
        foreach (
            var (key, value) in configuration
                .GetSection(section)
                .AsEnumerable(makePathsRelative: true)
                .OrderBy(k => k.Key, StringComparer.Ordinal)
        )
        {
            if (value is null || _names.Contains(key) || _trees.Exists(t => key.StartsWith(t, StringComparison.OrdinalIgnoreCase)))
                continue;
            Faults.Add($"{section}:{key} is no setting{(NearestName.Find(key, _names) is { } meant ? $"; {section}:{meant} is." : ".")}");
        }
    }

    public void Text(string name, Action<string> set)
    {
        if (Value(name) is { } text)
            set(text);
    }

    public void Boolean(string name, Action<bool> set) =>
        Parse(name, "true or false", (string text, out bool value) => bool.TryParse(text, out value), set);

    public void Integer(string name, long min, long max, Action<long> set) => Parse(name, Range(min, max), Between(min, max), set);

    public void Seconds(string name, double min, double max, Action<TimeSpan> set) =>
        Parse(
            name,
            $"a number of seconds from {min} to {max}",
            (string text, out double value) =>
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= min && value <= max,
            v => set(TimeSpan.FromSeconds(v))
        );

    public void Fraction(string name, double min, double max, Action<double> set) =>
        Parse(
            name,
            $"a number from {min} to {max}",
            (string text, out double value) =>
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= min && value <= max,
            set
        );

    public void IntegerList(string name, long min, long max, Action<IList<long>> set) =>
        List(name, $"a list such as 1,2,3 of whole numbers from {min} to {max}", Between(min, max), set);

    public void TextList(string name, Action<IList<string>> set) =>
        List(name, "text", (string text, out string value) => (value = text).Length > 0, set);

    public void Choice<T>(string name, Action<T> set)
        where T : struct, Enum => Parse<T>(name, "one of " + string.Join(", ", Enum.GetNames<T>()), TryParseName, set);

    public void ChoiceList<T>(string name, Action<IList<T>> set)
        where T : struct, Enum => List<T>(name, "a list of " + string.Join(", ", Enum.GetNames<T>()), TryParseName, set);

    public void Url(string name, Action<Uri> set) =>
        Parse(
            name,
            "an absolute http or https URL",
            (string text, out Uri value) => Uri.TryCreate(text, UriKind.Absolute, out value!) && value.Scheme is "http" or "https",
            set
        );

    /// <summary>Reads URLs byte for byte. One that has a comma needs the array form.</summary>
    public void UrlList(string name, Action<IList<string>> set) =>
        List(
            name,
            "absolute http or https URLs",
            (string text, out string value) => VerbatimUrl.TryCreate(value = text, out _, out _),
            set
        );

    /// <summary>
    /// Sections that look like one of ours, which is not so misspelled that it could be somebody else's, and connection strings that begin
    /// like ours.
    /// </summary>
    private static IEnumerable<string> FindMisspelled(IConfiguration configuration)
    {
        foreach (var child in configuration.GetSection("WebSub").GetChildren())
        {
            if (!Sections.Contains(child.Key, StringComparer.OrdinalIgnoreCase) && NearestName.Find(child.Key, Sections) is { } meant)
                yield return $"{child.Path} is no section of settings; WebSub:{meant} is.";
        }

        foreach (var child in configuration.GetSection("ConnectionStrings").GetChildren())
        {
            if (
                child.Key.StartsWith("WebSub", StringComparison.OrdinalIgnoreCase)
                && !ConnectionStrings.Contains(child.Key, StringComparer.OrdinalIgnoreCase)
            )
                yield return $"{child.Path} is no setting; those of WebSub are {string.Join(", ", ConnectionStrings)}.";
        }
    }

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

    private static string Range(long min, long max) => $"a whole number from {min} to {max}";

    private static TryParse<long> Between(long min, long max) =>
        (string text, out long value) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;

    // The names only: the framework would also read numbers, and "a,b" as flags.
    private static bool TryParseName<T>(string text, out T value)
        where T : struct, Enum =>
        Enum.TryParse(text, ignoreCase: true, out value) && Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase);

    private void List<T>(string name, string allowed, TryParse<T> parse, Action<IList<T>> set)
    {
        Knows(name);
        var key = configuration.GetSection($"{section}:{name}");
        var texts = key.Value is { } joined
            ? joined.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. key.GetChildren().Select(c => c.Value ?? "")];
        if (key.Value is null && texts.Length == 0)
            return;

        var values = new List<T>();
        foreach (var text in texts)
        {
            if (parse(text, out var value))
                values.Add(value);
            else
                Faults.Add($"{section}:{name} has \"{text}\"; allowed is {allowed}.");
        }

        set(values);
    }

    private void Parse<T>(string name, string allowed, TryParse<T> parse, Action<T> set)
    {
        if (Value(name) is not { } text)
            return;
        if (parse(text, out var value))
            set(value);
        else
            Faults.Add($"{section}:{name} is \"{text}\"; allowed is {allowed}.");
    }

    private string? Value(string name)
    {
        _names.Add(name);
        return configuration[$"{section}:{name}"] is { Length: > 0 } text ? text.Trim() : null;
    }

    private delegate bool TryParse<T>(string text, out T value);
}
