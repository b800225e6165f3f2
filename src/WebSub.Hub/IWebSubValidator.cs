namespace WebSub.Hub;

/// <summary>
/// Decides, in addition to the hub's own policy, who may subscribe to what (§5.2). Validators run in the order in which they were added;
/// the first that does not accept decides. They run before the request is answered, for subscribe and unsubscribe, so they should be quick.
/// </summary>
public interface IWebSubValidator
{
    /// <summary>Decides on a request. If it throws, the answer is 500 and nothing is stored.</summary>
    ValueTask<WebSubValidation> ValidateAsync(WebSubValidationRequest request, CancellationToken cancellationToken);
}
