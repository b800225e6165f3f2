using Microsoft.Extensions.Options;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>The hub's own database; a host may have others.</summary>
internal sealed class HubDatabase(IOptions<HubOptions> options) : IAsyncDisposable
{
    public Database Db { get; } =
        Database.Create(
            new()
            {
                ConnectionString = options.Value.ConnectionString,
                Provider = options.Value.StorageProvider,
                TablePrefix = "websub_hub_",
                SingleProcess = true,
            }
        );

    public ValueTask DisposeAsync() => Db.DisposeAsync();
}
