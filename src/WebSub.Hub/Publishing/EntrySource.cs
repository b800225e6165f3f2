namespace WebSub.Hub.Publishing;

/// <summary>How an entry got into the log.</summary>
internal enum EntrySource
{
    /// <summary>A ping made the hub fetch the topic.</summary>
    Ping,

    /// <summary>The publisher sent the content itself.</summary>
    Push,
}
