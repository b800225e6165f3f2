namespace WebSub.Hub.Delivery.Lanes;

/// <summary>Where a member of a running lane stands.</summary>
internal enum LaneMemberState
{
    /// <summary>It has had all it can have for now.</summary>
    Idle,

    /// <summary>Its next entry waits at the gate or is in flight.</summary>
    Sending,

    /// <summary>Its attempt is a straggler; the departure is not saved yet, so a success still keeps it in.</summary>
    Straggling,

    /// <summary>Its departure is being saved while its attempt goes on.</summary>
    Leaving,

    /// <summary>It steps out or is over, which is not saved yet; nothing is in flight.</summary>
    Departed,

    /// <summary>
    /// Its departure is saved and its attempt still in flight: how that ends is saved by itself, under the row's own claim.
    /// </summary>
    Left,

    /// <summary>It is not of this run any more.</summary>
    Out,
}
