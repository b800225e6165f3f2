namespace WebSub.Subscriber.Health;

/// <summary>What a poll has shown.</summary>
internal enum PollVerdict
{
    /// <summary>The content is the known one.</summary>
    Unchanged,

    /// <summary>The content is known from now on: it is the first.</summary>
    First,

    /// <summary>The content is new, and the hub has delivered.</summary>
    Told,

    /// <summary>The content is new; the hub has a while to deliver it.</summary>
    Waiting,

    /// <summary>The content is new, and the hub has not delivered it.</summary>
    Missed,
}
