namespace WebSub.Publisher.Storage;

/// <summary>The outcome of an attempt to notify a hub.</summary>
internal enum NoticeOutcome
{
    /// <summary>The hub knows of the update.</summary>
    Told,

    /// <summary>To be tried again.</summary>
    PutOff,

    /// <summary>The hub does not accept this content; newer content waits and is sent next.</summary>
    Skipped,

    /// <summary>Retried for so long that only the next update tries again.</summary>
    GivenUp,
}
