using Microsoft.Extensions.Options;
using WebSub.Storage;

namespace WebSub.Publisher.Storage;

/// <summary>Where the publisher keeps what hubs are to be notified of: its own database, or the app's.</summary>
internal sealed class PublisherDatabase(IOptions<WebSubPublisherOptions> options) : IAsyncDisposable
{
    static PublisherDatabase()
    {
        ColumnTypes.Add<TopicId, long>();
        ColumnTypes.Add<HubId, long>();
    }

    public Database Db { get; } =
        Database.Create(
            new()
            {
                ConnectionString = options.Value.ConnectionString,
                Provider = options.Value.StorageProvider,
                CheckMegabytes = options.Value.CheckMegabytes,
                TablePrefix = "websub_publisher_",
            }
        );

    public ValueTask DisposeAsync() => Db.DisposeAsync();
}
