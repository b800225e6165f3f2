using Microsoft.Extensions.Options;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Startup;

/// <summary>
/// What the next start would find, without starting: settings and address, the database and its migrations. Leaves the database as it is,
/// and may run beside a hub.
/// </summary>
internal static class HubCheck
{
    /// <summary>Returns what is in order, in sentences.</summary>
    /// <param name="services">The services of an app that was built but not started.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="OptionsValidationException">Settings have faults.</exception>
    /// <exception cref="InvalidOperationException">The hub's own URL can only be guessed.</exception>
    /// <exception cref="DatabaseException">The database cannot be used as it is.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        services.GetRequiredService<IStartupValidator>().Validate();
        var address = services.GetRequiredService<HubAddress>();
        address.Resolve();
        var options = services.GetRequiredService<IOptions<HubOptions>>().Value;
        return [$"The settings are valid; the hub's address is {address.PublicUrl}.", await CheckDatabaseAsync(options, cancellationToken)];
    }

    private static async Task<string> CheckDatabaseAsync(HubOptions options, CancellationToken cancellationToken)
    {
        await using var database = HubDatabase.Open(options, singleProcess: false);
        if (database.Dialect == SqlDialect.Sqlite && !File.Exists(database.Description))
            return WillBeCreated(database.Description);
        if (!options.Migrate)
            await database.PrepareAsync(typeof(HubCheck).Assembly, migrate: false, cancellationToken);
        var missing = await database.FindMissingMigrationsAsync(typeof(HubCheck).Assembly, cancellationToken);
        await database.AskAsync(cancellationToken);
        return missing.Count == 0
            ? $"The database {database.Description} can be read and written, and is up to date."
            : $"The database {database.Description} can be read and written; the next start applies {string.Join(", ", missing)}.";
    }

    private static string WillBeCreated(string file)
    {
        try
        {
            using var probe = new FileStream(
                $"{file}.{Guid.NewGuid():n}",
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None,
                1,
                FileOptions.DeleteOnClose
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseException($"The SQLite file {file} does not exist and cannot be created: {e.Message}", e);
        }

        return $"The SQLite file {file} does not exist yet; the next start creates it.";
    }
}
