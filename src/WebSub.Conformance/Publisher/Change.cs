namespace WebSub.Conformance.Publisher;

/// <summary>What became of a change.</summary>
/// <param name="Before">What the topic served before.</param>
/// <param name="After">What it served once a delivery had come, or the wait was over.</param>
/// <param name="Hubs">What each hub did, in the order in which the topic names them.</param>
internal sealed record Change(Visit Before, Visit After, IReadOnlyList<HubWatch> Hubs);
