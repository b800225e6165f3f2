using System.Globalization;

namespace WebSub.Hub.Dashboard.Components;

/// <summary>Numbers and states as people read them.</summary>
internal static class Words
{
    /// <summary>The longest text that is not cut.</summary>
    public const int Longest = 120;

    private const int Head = 80;
    private const int Tail = 39;

    public static string Of(long number) => number.ToString("n0", CultureInfo.InvariantCulture);

    public static string Of(TimeSpan span) =>
        span switch
        {
            { TotalSeconds: < 90 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s"),
            { TotalMinutes: < 90 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min"),
            { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0} h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0} days"),
        };

    /// <summary>As in "pause topic".</summary>
    public static string Of(HubActionKind kind) =>
        string.Concat(
            kind.ToString()
                .Select((c, i) => char.IsAsciiLetterUpper(c) && i > 0 ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}")
        );

    /// <summary>What happened in a minute, a second.</summary>
    public static string Rate(long perMinute) => (perMinute / 60.0).ToString("#,0.#", CultureInfo.InvariantCulture);

    /// <summary>A short time; a dash if there is none.</summary>
    public static string OfLatency(double? seconds) =>
        seconds switch
        {
            null => "–",
            < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0} ms"),
            _ => Of(TimeSpan.FromSeconds(seconds.Value)),
        };

    /// <summary>
    /// The beginning and the end of a long text, for lists: fifty rows of the longest URLs would be more than a page may have. What it
    /// leads to has it all.
    /// </summary>
    public static string Cut(string text) =>
        text.Length <= Longest ? text
        : char.IsHighSurrogate(text[Head - 1]) || char.IsLowSurrogate(text[^Tail]) ? $"{text[..(Head - 1)]}…{text[^(Tail - 1)..]}"
        : $"{text[..Head]}…{text[^Tail..]}";

    /// <summary>A link within the dashboard with what is asked for; what is null or empty is left out.</summary>
    public static string Link(string page, params (string Name, string? Value)[] query)
    {
        var given = query.Where(q => !string.IsNullOrEmpty(q.Value)).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}");
        var text = string.Join('&', given);
        return text.Length == 0 ? page : $"{page}?{text}";
    }

    /// <summary>
    /// The link that asks what became of the updates of a topic or predicate; of one that is long, the page asks for it, for the reason of
    /// <see cref="Cut"/>.
    /// </summary>
    public static string LinkToExplanation(string subscription, string topic) =>
        Link("explain", ("subscription", subscription), ("topic", topic.Length <= Longest ? topic : null));

    /// <summary>True for a topic that has the messages of predicate subscriptions.</summary>
    public static bool IsOfMessages(string? topic) => topic?.StartsWith(HubTopic.OfMessages, StringComparison.Ordinal) == true;

    /// <summary>How much a subscription has yet to get; of messages some may be none of its business.</summary>
    public static string Lag(HubSubscription subscription) =>
        (IsOfMessages(subscription.Topic) && subscription.Lag > 0 ? "at most " : "") + Of(subscription.Lag);
}
