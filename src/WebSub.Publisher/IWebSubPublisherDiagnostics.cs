namespace WebSub.Publisher;

/// <summary>
/// The doctor: finds what keeps updates from arriving, and says it in sentences. The same is logged as warnings after the start. What
/// cannot be looked at is a finding too, never an exception.
/// </summary>
public interface IWebSubPublisherDiagnostics
{
    /// <summary>Looks at the settings and at what hubs have answered so far. Sends nothing.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyList<WebSubPublisherFinding>> CheckAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Requests a topic as subscribers and hubs do (GET, HEAD, several <c>Accept</c> headers) and looks at what it advertises.
    /// </summary>
    /// <param name="topic">
    /// The topic; one that starts with <c>/</c> is below the setting <c>PublicUrl</c> or the address of the current request.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyList<WebSubPublisherFinding>> CheckTopicAsync(string topic, CancellationToken cancellationToken = default);

    /// <summary>Pings each hub of a topic once, at once, and says which ones do not accept it.</summary>
    /// <param name="topic">
    /// The topic; one that starts with <c>/</c> is below the setting <c>PublicUrl</c> or the address of the current request.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyList<WebSubPublisherFinding>> CheckHubsAsync(string topic, CancellationToken cancellationToken = default);
}
