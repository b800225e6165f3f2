namespace WebSub.Subscriber;

/// <summary>
/// Takes part in answering a hub's intent verification of a subscribe or unsubscribe request (§5.3). It is called only for requests that
/// match what this app requested; all others have been answered 404 already.
/// </summary>
public interface IWebSubVerifier
{
    /// <summary>Confirms or refuses. An exception refuses.</summary>
    /// <param name="verification">What the hub wants confirmed.</param>
    /// <param name="cancellationToken">Fires when the hub hangs up.</param>
    ValueTask<WebSubVerdict> VerifyAsync(WebSubVerification verification, CancellationToken cancellationToken);
}
