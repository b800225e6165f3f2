namespace WebSub.Hub.Delivery.Lanes;

/// <summary>What can happen to a running lane.</summary>
internal enum LaneEventKind
{
    /// <summary>Its members were read: at its start, and again after they changed (rule 10).</summary>
    Loaded,

    /// <summary>There is a newer entry.</summary>
    HeadMoved,

    /// <summary>The rows of its members have a newer version than was read.</summary>
    MembersChanged,

    /// <summary>The lane belongs to another node now (rule 6).</summary>
    Lost,

    /// <summary>An attempt has a place at the gate and would be sent now.</summary>
    Placed,

    /// <summary>An attempt was sent a while ago and is unanswered (rule 14).</summary>
    Straggled,

    /// <summary>An attempt was not made, because its origin is stuck (rule 16).</summary>
    Refused,

    /// <summary>An attempt ended.</summary>
    Completed,

    /// <summary>An entry that was asked for is here, or has been pruned.</summary>
    EntryRead,

    /// <summary>An entry that was asked for could not be read.</summary>
    EntryNotRead,

    /// <summary>It is time to save.</summary>
    SaveBegins,

    /// <summary>A save is through, or was refused.</summary>
    SaveEnded,

    /// <summary>A save did not happen.</summary>
    SaveFailed,
}
