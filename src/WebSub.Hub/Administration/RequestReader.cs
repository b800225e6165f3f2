using System.Globalization;

namespace WebSub.Hub.Administration;

/// <summary>Reads what a request asks for; what is wrong is an <see cref="HubFieldException"/> that names the field.</summary>
internal sealed class RequestReader
{
    private readonly IQueryCollection _query;

    private RequestReader(HttpContext context, IReadOnlyCollection<string> names)
    {
        _query = context.Request.Query;
        foreach (var (name, values) in _query)
        {
            if (!names.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw new HubFieldException(name, "There is no such filter here.");
            if (values.Count != 1)
                throw new HubFieldException(name, "It may be given once.");
        }
    }

    /// <summary>A reader of a request whose query may have the properties of a type.</summary>
    public static RequestReader Of<TQuery>(HttpContext context) => new(context, [.. typeof(TQuery).GetProperties().Select(p => p.Name)]);

    public HubPaging Paging
    {
        get
        {
            if (Text("limit") is not { } limit)
                return new(Text("after"));
            return int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? new(Text("after"), number)
                : throw new HubFieldException("limit", $"It must be a number from 1 to {HubPaging.MaxLimit}.");
        }
    }

    public string Required(string name) => Text(name) ?? throw new HubFieldException(name, "It must be given, percent-encoded.");

    public string? Text(string name)
    {
        if (!_query.TryGetValue(name, out var values))
            return null;
        return values[0] is { Length: > 0 } text ? text : throw new HubFieldException(name, "It must not be empty.");
    }

    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new HubFieldException(name, "It must be a time, such as 2026-11-27T08:00:00Z.");
    }

    /// <summary>One of some words; the first of them if it is not given.</summary>
    public string OneOf(string name, string usual, string other) =>
        Text(name) switch
        {
            null => usual,
            var text when text == usual || text == other => text,
            _ => throw new HubFieldException(name, $"It must be {usual} or {other}."),
        };

    public bool Flag(string name) =>
        Text(name) switch
        {
            null or "false" => false,
            "true" => true,
            _ => throw new HubFieldException(name, "It must be true or false."),
        };

    public HubSubscriptionState? State(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return
            Enum.TryParse<HubSubscriptionState>(text, ignoreCase: true, out var state)
            && Enum.IsDefined(state)
            && !char.IsAsciiDigit(text[0])
            ? state
            : throw new HubFieldException(name, "It must be active, behind, paused or expired.");
    }
}
