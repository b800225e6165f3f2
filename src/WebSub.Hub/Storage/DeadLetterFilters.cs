namespace WebSub.Hub.Storage;

/// <summary>The condition for the dead letters that somebody asks for.</summary>
internal static class DeadLetterFilters
{
    /// <summary>Of <c>d</c>; its parameters are the action's, and the name of its origin. A callback is one of a topic.</summary>
    public static string Where(ActionRow row) =>
        Where(
            row.TopicId is not null,
            row.Callback is not null,
            row.Origin is not null,
            row.CreatedFrom is not null,
            row.CreatedTo is not null
        );

    /// <inheritdoc cref="Where(ActionRow)"/>
    public static string Where(bool topic, bool callback, bool origin, bool from, bool to) =>
        string.Join(
            " and ",
            new[]
            {
                "1 = 1",
                topic ? "d.topic_id = @TopicId" : null,
                callback ? "d.callback = @Callback" : null,
                origin ? "d.origin = @origin" : null,
                from ? "d.created_at >= @CreatedFrom" : null,
                to ? "d.created_at < @CreatedTo" : null,
            }.OfType<string>()
        );
}
