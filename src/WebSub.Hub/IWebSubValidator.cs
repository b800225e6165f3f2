namespace WebSub.Hub;

/// <summary>
/// Decides, beyond the hub's own policy, who may subscribe to what (§5.2). Several are asked in the order they were added; the first that
/// does not accept decides. It runs before the request is answered, so it should be quick; it is asked for subscribe and unsubscribe.
/// </summary>
public interface IWebSubValidator
{
    /// <summary>Decides a request. An exception answers it with 500 and stores nothing.</summary>
    ValueTask<WebSubValidation> ValidateAsync(WebSubValidationRequest request, CancellationToken cancellationToken);
}
