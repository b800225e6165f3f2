using System.Data.Common;

namespace WebSub.Publisher;

/// <summary>Convenience methods for publishing.</summary>
public static class WebSubPublisherExtensions
{
    /// <summary>Stores that a topic changed; hubs are told in the background.</summary>
    /// <param name="publisher">The publisher.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    public static Task PublishAsync(this IWebSubPublisher publisher, string topic, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(publisher);
        return publisher.PublishAsync([topic], cancellationToken);
    }

    /// <summary>Stores in the app's own transaction that these topics changed.</summary>
    /// <param name="publisher">The publisher.</param>
    /// <param name="topics">The topics.</param>
    /// <param name="transaction">The app's running transaction.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    public static Task PublishAsync(
        this IWebSubPublisher publisher,
        IEnumerable<string> topics,
        DbTransaction transaction,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(publisher);
        ArgumentNullException.ThrowIfNull(transaction);
        var connection = transaction.Connection ?? throw new ArgumentException("The transaction has ended.", nameof(transaction));
        return publisher.PublishAsync(topics, connection, transaction, cancellationToken);
    }
}
