namespace WebSub.Hub.Delivery.Sending;

/// <summary>What a node has to do with an origin at one moment.</summary>
/// <param name="Origin">Its name.</param>
/// <param name="Waiting">Attempts that wait for a place.</param>
/// <param name="InFlight">Attempts in flight.</param>
/// <param name="IsSilent">True while its circuit is open.</param>
/// <param name="UntilProbe">How long it is until the next probe.</param>
internal sealed record OriginState(string Origin, int Waiting, int InFlight, bool IsSilent, TimeSpan UntilProbe);
