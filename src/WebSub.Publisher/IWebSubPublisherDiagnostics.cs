namespace WebSub.Publisher;

/// <summary>
/// The doctor: finds what keeps updates from arriving, and explains it in sentences. The findings are also logged as warnings after start.
/// Anything it cannot check is a finding too, never an exception.
/// </summary>
public interface IWebSubPublisherDiagnostics
{
    /// <summary>Checks the settings and what hubs have answered so far. Sends nothing.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyList<WebSubPublisherFinding>> CheckAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Requests a topic as subscribers and hubs do (GET, HEAD, several <c>Accept</c> headers) and checks what it advertises.
    /// </summary>
    /// <param name="topic">
    /// The topic; one that starts with <c>/</c> is relative to the setting <c>PublicUrl</c> or the address of the current request.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyList<WebSubPublisherFinding>> CheckTopicAsync(string topic, CancellationToken cancellationToken = default);

    /// <summary>Pings each hub of a topic once, immediately, and reports which do not accept it.</summary>
    /// <param name="topic">
    /// The topic; one that starts with <c>/</c> is relative to the setting <c>PublicUrl</c> or the address of the current request.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyList<WebSubPublisherFinding>> CheckHubsAsync(string topic, CancellationToken cancellationToken = default);
}
