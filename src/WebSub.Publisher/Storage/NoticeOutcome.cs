namespace WebSub.Publisher.Storage;

/// <summary>What an attempt to tell a hub comes to.</summary>
internal enum NoticeOutcome
{
    /// <summary>The hub knows of the update.</summary>
    Told,

    /// <summary>To be tried again.</summary>
    PutOff,

    /// <summary>The hub will not take this content; newer content waits, so it goes on with that.</summary>
    Skipped,

    /// <summary>Tried for so long that only the next update tries again.</summary>
    GivenUp,
}
