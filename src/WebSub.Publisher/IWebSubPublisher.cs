namespace WebSub.Publisher;

/// <summary>Tells the hubs of updates (§6).</summary>
public interface IWebSubPublisher
{
    /// <summary>Tells every configured hub that these topics changed. All hubs are told, also when one of them fails.</summary>
    /// <param name="topics">The topics, byte for byte as advertised with <c>rel=self</c>.</param>
    /// <param name="ct">Ends it; hubs that have not been told yet are not told.</param>
    /// <exception cref="WebSubPublishException">At least one hub did not accept; the exception names each one and why.</exception>
    Task PublishAsync(IEnumerable<string> topics, CancellationToken ct = default);
}
