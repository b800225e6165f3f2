namespace WebSub.Subscriber;

/// <summary>
/// Has a say when a hub asks whether a subscribe or unsubscribe request was meant (§5.3). It is asked only about requests that match what
/// this app asked for; others are answered 404 before.
/// </summary>
public interface IWebSubVerifier
{
    /// <summary>Agrees or refuses. An exception refuses.</summary>
    /// <param name="verification">What the hub asks.</param>
    /// <param name="cancellationToken">Fires when the hub hangs up.</param>
    ValueTask<WebSubVerdict> VerifyAsync(WebSubVerification verification, CancellationToken cancellationToken);
}
