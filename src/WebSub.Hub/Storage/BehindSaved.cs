namespace WebSub.Hub.Storage;

/// <summary>What a save of a subscription that is behind found.</summary>
/// <param name="Counts">False if the claim was lost or the subscription is gone: nothing was saved.</param>
/// <param name="HasCaughtUp">True if it has had all there is and goes with its lane from now on.</param>
internal readonly record struct BehindSaved(bool Counts, bool HasCaughtUp);
