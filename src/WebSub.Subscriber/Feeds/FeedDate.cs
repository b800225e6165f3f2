using System.Globalization;
using System.Text.RegularExpressions;

namespace WebSub.Subscriber.Feeds;

/// <summary>
/// Reads the dates of feeds, RFC 3339 and RFC 822 as they are meant: with wrong weekdays, comments, names of zones, the hour 24 and leap
/// seconds. What names no day, month and year is no date: nothing is invented.
/// </summary>
internal static partial class FeedDate
{
    private static readonly Dictionary<string, TimeSpan> Zones = new(StringComparer.OrdinalIgnoreCase)
    {
        ["UT"] = TimeSpan.Zero,
        ["UTC"] = TimeSpan.Zero,
        ["GMT"] = TimeSpan.Zero,
        ["Z"] = TimeSpan.Zero,
        ["EST"] = TimeSpan.FromHours(-5),
        ["EDT"] = TimeSpan.FromHours(-4),
        ["CST"] = TimeSpan.FromHours(-6),
        ["CDT"] = TimeSpan.FromHours(-5),
        ["MST"] = TimeSpan.FromHours(-7),
        ["MDT"] = TimeSpan.FromHours(-6),
        ["PST"] = TimeSpan.FromHours(-8),
        ["PDT"] = TimeSpan.FromHours(-7),
        ["BST"] = TimeSpan.FromHours(1),
        ["CET"] = TimeSpan.FromHours(1),
        ["CEST"] = TimeSpan.FromHours(2),
        ["EET"] = TimeSpan.FromHours(2),
        ["EEST"] = TimeSpan.FromHours(3),
        ["MSK"] = TimeSpan.FromHours(3),
        ["JST"] = TimeSpan.FromHours(9),
        ["AEST"] = TimeSpan.FromHours(10),
        ["AEDT"] = TimeSpan.FromHours(11),
    };

    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    public static DateTimeOffset? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > 100)
            return null;
        text = Comment().Replace(text, " ").Trim();
        var match = Rfc3339().Match(text);
        if (!match.Success)
            match = Rfc822().Match(text);
        if (!match.Success)
            match = Rfc822WithMonthFirst().Match(text);
        return match.Success ? Moment(match) : null;
    }

    private static DateTimeOffset? Moment(Match match)
    {
        var hour = Number(match, "hour");
        var (minute, second) = (Number(match, "minute"), Number(match, "second"));
        if (hour > 24 || (hour == 24 && (minute > 0 || second > 0)) || minute > 59 || second > 60)
            return null;
        if (Zone(match.Groups["zone"].Value) is not { } offset)
            return null;
        try
        {
            var day = new DateTime(Year(match), Month(match), Number(match, "day"), 0, 0, 0, DateTimeKind.Unspecified);
            var time = new TimeSpan(hour, minute, second) + Fraction(match.Groups["fraction"].Value);
            return new DateTimeOffset(day + time, offset);
        }
        catch (ArgumentException)
        {
            // No such day, or one outside of what a moment can be.
            return null;
        }
    }

    private static int Number(Match match, string group) =>
        match.Groups[group] is { Success: true, ValueSpan: var digits }
            ? int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture)
            : 0;

    /// <summary>RFC 2822 §4.3: years of two and three digits.</summary>
    private static int Year(Match match) =>
        (Number(match, "year"), match.Groups["year"].Length) switch
        {
            (< 50 and var year, 2) => year + 2000,
            (var year, 2 or 3) => year + 1900,
            (var year, _) => year,
        };

    /// <summary>By number, or by a name of which the first three letters count; 0 if it is none.</summary>
    private static int Month(Match match) =>
        match.Groups["name"] is { Success: true, Value: var name }
            ? Array.IndexOf(Months, name[..3].ToLowerInvariant()) + 1
            : Number(match, "month");

    private static TimeSpan Fraction(string digits) =>
        digits.Length == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(long.Parse(digits.PadRight(7, '0')[..7], CultureInfo.InvariantCulture));

    /// <summary>RFC 2822 §4.3: an unknown zone counts as none, which counts as UTC. Null if it cannot be one.</summary>
    private static TimeSpan? Zone(string zone)
    {
        if (zone.Length == 0 || zone[0] is not ('+' or '-'))
            return Zones.GetValueOrDefault(zone);
        var digits = zone[1..].Replace(":", "", StringComparison.Ordinal).PadLeft(4, '0');
        var (hours, minutes) = (
            int.Parse(digits.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture),
            int.Parse(digits.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture)
        );
        if (hours > 14 || minutes > 59)
            return null;
        var offset = new TimeSpan(hours, minutes, 0);
        return zone[0] == '-' ? -offset : offset;
    }

    [GeneratedRegex(@"\([^()]*\)", RegexOptions.None, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(
        @"^(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})"
            + @"(([Tt]|\s+)(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2})(:(?<second>[0-9]{2})([.,](?<fraction>[0-9]{1,20}))?)?)?"
            + @"\s*(?<zone>[+-][0-9]{1,2}:?[0-9]{2}|[+-][0-9]{1,2}|[A-Za-z]{1,5})?$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Rfc3339();

    [GeneratedRegex(
        @"^([A-Za-z]+\.?\s*,?\s*)?(?<day>[0-9]{1,2})(st|nd|rd|th)?[\s-]+(?<name>[A-Za-z]{3,9})\.?,?[\s-]+(?<year>[0-9]{4}|[0-9]{2})" + Time,
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Rfc822();

    [GeneratedRegex(
        @"^([A-Za-z]+\.?\s*,\s*|[A-Za-z]+\s+)?(?<name>[A-Za-z]{3,9})\.?\s+(?<day>[0-9]{1,2})(st|nd|rd|th)?,?\s+(?<year>[0-9]{4})" + Time,
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Rfc822WithMonthFirst();

    private const string Time =
        @"(,?\s+(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2})(:(?<second>[0-9]{2})(\.(?<fraction>[0-9]{1,20}))?)?)?"
        + @"\s*((GMT|UTC|UT)(?=[+-]))?(?<zone>[+-][0-9]{1,2}:?[0-9]{2}|[A-Za-z]{1,5})?$";
}
