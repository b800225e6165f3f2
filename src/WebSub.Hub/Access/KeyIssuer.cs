using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using WebSub.Hub.Events;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Access;

/// <summary>Creates, lists and disables keys.</summary>
internal sealed class KeyIssuer(ApiKeyStore store, StoredKeys stored, HubEvents events, IOptions<HubOptions> options, HubClock time)
{
    private const int SecretBytes = 32;
    private const int MaxName = 64;

    /// <summary>All keys: those of the settings, and those that were created.</summary>
    public async Task<IEnumerable<HubKey>> AllAsync(CancellationToken cancellationToken) =>
        options
            .Value.ApiKeys.Select(k => new HubKey
            {
                Name = k.Key,
                Scopes = [.. k.Value.Scopes],
                IsConfigured = true,
            })
            .Concat((await store.AllAsync(cancellationToken)).Select(Describe));

    /// <summary>Creates a key; null if its name is taken.</summary>
    public async Task<HubNewKey?> CreateAsync(HubKeyRequest request, CancellationToken cancellationToken)
    {
        if (!IsName(request.Name))
            throw new HubFieldException("name", $"It must have 1 to {MaxName} letters, digits, dots, hyphens or underscores.");
        var scopes = request.Scopes.Distinct().Order().ToList();
        if (scopes.Count == 0 || !scopes.TrueForAll(Enum.IsDefined))
            throw new HubFieldException("scopes", "Say what the key allows: publish, read, administer.");
        // The name of the audit log must mean one caller.
        if (options.Value.ApiKeys.ContainsKey(request.Name) || request.Name == Caller.LocalName)
            return null;

        var key = StoredKeys.Mark + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var row = new ApiKeyRow
        {
            Name = request.Name,
            Hash = SHA256.HashData(Encoding.UTF8.GetBytes(key)),
            Scopes = string.Join(',', scopes),
            CreatedBy = request.By,
            CreatedAt = DatabaseTime.Now(time),
        };
        if (await store.AddAsync(row, request.Reason, cancellationToken) is not { } action)
            return null;
        events.TellAction(action);
        stored.Forget();
        return new(key, Describe(row));
    }

    /// <summary>Disables a key; null if there is none with this name.</summary>
    public async Task<HubKey?> DisableAsync(string name, string by, string? reason, CancellationToken cancellationToken)
    {
        var (row, action) = await store.DisableAsync(name, by, reason, DatabaseTime.Now(time), cancellationToken);
        if (action is { } id)
            events.TellAction(id);
        stored.Forget();
        return row is null ? null : Describe(row);
    }

    private static HubKey Describe(ApiKeyRow row) =>
        new()
        {
            Name = row.Name,
            Scopes = row.ParsedScopes,
            CreatedBy = row.CreatedBy,
            CreatedAt = row.CreatedAt.ToMoment(),
            LastUsedAt = row.LastUsedAt?.ToMoment(),
            DisabledBy = row.DisabledBy,
            DisabledAt = row.DisabledAt?.ToMoment(),
        };

    private static bool IsName(string text) =>
        text.Length is > 0 and <= MaxName && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}
