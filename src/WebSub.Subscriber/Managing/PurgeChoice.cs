namespace WebSub.Subscriber.Managing;

/// <summary>Which subscriptions an operator wants to be rid of; several are added up.</summary>
[Flags]
internal enum PurgeChoice
{
    None = 0,

    /// <summary>Those whose handler no longer exists.</summary>
    Unresolvable = 1,

    /// <summary>Those that were declared and are no longer.</summary>
    Orphans = 2,

    /// <summary>Those that have ended, were denied or have failed, unless they are declared.</summary>
    Ended = 4,

    /// <summary>Every one.</summary>
    All = 8,
}
