using System.Globalization;
using System.Text.RegularExpressions;

namespace WebSub.Subscriber.Feeds;

/// <summary>
/// Reads the dates of feeds, RFC 3339 and RFC 822 as they are meant: with wrong weekdays, comments, names of zones, the hour 24 and leap
/// seconds. What names no day, month and year is no date: nothing is invented.
/// </summary>
internal static partial class FeedDate
{
    /// <summary>Hours from UTC: the zones of RFC 822, and the names for others that mean one zone only.</summary>
    private static readonly Dictionary<string, double> Zones = new(StringComparer.OrdinalIgnoreCase)
    {
        ["UT"] = 0,
        ["UTC"] = 0,
        ["GMT"] = 0,
        ["Z"] = 0,
        ["WET"] = 0,
        ["WEST"] = 1,
        ["BST"] = 1,
        ["CET"] = 1,
        ["MEZ"] = 1,
        ["CEST"] = 2,
        ["MESZ"] = 2,
        ["EET"] = 2,
        ["EEST"] = 3,
        ["MSK"] = 3,
        ["PKT"] = 5,
        ["SGT"] = 8,
        ["HKT"] = 8,
        ["AWST"] = 8,
        ["JST"] = 9,
        ["KST"] = 9,
        ["ACST"] = 9.5,
        ["ACDT"] = 10.5,
        ["AEST"] = 10,
        ["AEDT"] = 11,
        ["NZST"] = 12,
        ["NZDT"] = 13,
        ["NST"] = -3.5,
        ["NDT"] = -2.5,
        ["AST"] = -4,
        ["ADT"] = -3,
        ["EST"] = -5,
        ["EDT"] = -4,
        ["CST"] = -6,
        ["CDT"] = -5,
        ["MST"] = -7,
        ["MDT"] = -6,
        ["PST"] = -8,
        ["PDT"] = -7,
        ["AKST"] = -9,
        ["AKDT"] = -8,
        ["HST"] = -10,
    };

    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    public static DateTimeOffset? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > 100)
            return null;
        string outer;
        do
        {
            outer = text;
            text = Comment().Replace(text, " ");
        } while (text != outer);

        text = text.Trim();
        foreach (var form in (ReadOnlySpan<Regex>)[Rfc3339(), Rfc822(), Rfc822WithMonthFirst(), WithYearLast()])
        {
            if (form.Match(text) is { Success: true } match)
                return Moment(match);
        }

        return null;
    }

    private static DateTimeOffset? Moment(Match match)
    {
        var hour = Number(match, "hour");
        if (match.Groups["half"] is { Success: true, Value: var half } && hour <= 12)
            hour = (hour % 12) + (half[0] is 'p' or 'P' ? 12 : 0);
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
    private static int Year(Match match)
    {
        var year = Number(match, "year");
        return match.Groups["year"].Length switch
        {
            2 when year < 50 => year + 2000,
            2 or 3 => year + 1900,
            _ => year,
        };
    }

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
            return TimeSpan.FromHours(Zones.GetValueOrDefault(zone));
        var digits = zone[1..].Replace(":", "", StringComparison.Ordinal);
        // Hours alone, as some databases write them.
        digits = (digits.Length <= 2 ? digits + "00" : digits).PadLeft(4, '0');
        var (hours, minutes) = (
            int.Parse(digits.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture),
            int.Parse(digits.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture)
        );
        if (hours > 14 || minutes > 59)
            return null;
        var offset = new TimeSpan(hours, minutes, 0);
        return zone[0] == '-' ? -offset : offset;
    }

    [GeneratedRegex(@"\([^()]*\)|\[[^\[\]]*\]", RegexOptions.None, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(
        @"^(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})"
            + @"(([Tt]|,?\s+)(?<hour>[0-9]{1,2}):(?<minute>[0-9]{1,2})(:(?<second>[0-9]{1,2})([.,](?<fraction>[0-9]{1,20}))?)?"
            + Half
            + ")?"
            + Zones822,
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Rfc3339();

    [GeneratedRegex(
        Weekday + @"(?<day>[0-9]{1,2})(st|nd|rd|th|\.)?[\s-]+(?<name>[A-Za-z]{3,9})\.?,?[\s-]+(?<year>[0-9]{4}|[0-9]{2})" + Time,
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Rfc822();

    [GeneratedRegex(
        Weekday + @"(?<name>[A-Za-z]{3,9})\.?\s+(?<day>[0-9]{1,2})(st|nd|rd|th)?,?\s+(?<year>[0-9]{4})" + Time,
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Rfc822WithMonthFirst();

    /// <summary>As C's asctime and Unix's date write it.</summary>
    [GeneratedRegex(
        Weekday
            + @"(?<name>[A-Za-z]{3,9})\s+(?<day>[0-9]{1,2})\s+(?<hour>[0-9]{1,2}):(?<minute>[0-9]{1,2})(:(?<second>[0-9]{1,2}))?"
            + @"\s+((?<zone>[+-][0-9]{4}|[A-Za-z]{1,5})\s+)?(?<year>[0-9]{4})$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex WithYearLast();

    /// <summary>In any language, right or wrong.</summary>
    private const string Weekday = @"^(\p{L}+\.?\s*,\s*|\p{L}+\.?\s+)?";

    private const string Half = @"(\s*(?<half>[AaPp])\.?[Mm]\b\.?)?";

    private const string Zones822 =
        @"\s*((GMT|UTC|UT|Z)?(?<zone>[+-][0-9]{1,2}:?[0-9]{2}|[+-][0-9]{1,2})(\s*[A-Za-z]{1,5})?|(?<zone>[A-Za-z]{1,5}))?$";

    private const string Time =
        @"(([Tt]|,?\s+)(at\s+)?(?<hour>[0-9]{1,2}):(?<minute>[0-9]{1,2})(:(?<second>[0-9]{1,2})([.,](?<fraction>[0-9]{1,20}))?)?"
        + Half
        + ")?"
        + Zones822;
}
