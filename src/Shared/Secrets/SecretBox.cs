using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebSub.Storage;

namespace WebSub.Secrets;

/// <summary>
/// Seals secrets for storage: AES-GCM under one data key (table <c>data_key</c>), which Data Protection wraps. The nonce is a keyed hash of
/// the owner and the secret, so sealing the same secret for the same owner gives the same bytes, which shows that a renewal keeps its
/// secret.
/// </summary>
/// <param name="database">Where data key and key ring are.</param>
/// <param name="application">
/// The application whose secrets they are, for example <c>WebSub.Hub</c>: no other application's key opens them.
/// </param>
/// <param name="stored">A query that finds a row if any stored secret is sealed: a new data key would then be useless.</param>
/// <param name="services">The host's services, which may have their own key ring; null if there is no host.</param>
/// <param name="folder">The folder of Data Protection's keys; null keeps them in our database.</param>
internal sealed class SecretBox(Database database, string application, string stored, IServiceProvider? services, string? folder = null)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly KeyStore _keys = new(database);
    private readonly KeyFolder? _folder = folder is null ? null : new(Path.GetFullPath(folder));
    private byte[] _key = [];

    /// <summary>The application whose secrets they are.</summary>
    public string Application => application;

    /// <summary>Where Data Protection's keys are, unless the host's are used; for a host that is to use these.</summary>
    public IXmlRepository Ring => _folder is null ? new KeyRing(_keys) : _folder;

    /// <summary>The files of Data Protection's keys.</summary>
    public IEnumerable<string> Files => _folder?.Files ?? [];

    /// <summary>Reads the data key, or creates it the first time.</summary>
    /// <exception cref="DatabaseException">
    /// There is a data key that Data Protection cannot unwrap, because its key ring is not the one that wrapped it; or there is none, but
    /// there are secrets sealed with one.
    /// </exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var protector = Protector(Provider());
        var wrapped = await _keys.ReadDataKeyAsync(cancellationToken);
        if (wrapped is null)
        {
            await _keys.AddDataKeyAsync(protector.Protect(RandomNumberGenerator.GetBytes(32)), stored, cancellationToken);
            wrapped =
                await _keys.ReadDataKeyAsync(cancellationToken)
                ?? throw new DatabaseException(
                    $"The secrets in {database.Description} cannot be read: the data key that sealed them, "
                        + $"the one row of {_keys.DataKeyTable}, is missing. "
                        + "Restore that row, or the whole database, from a backup: a new key could not open them. "
                        + "If it is lost for good, delete the rows with secrets; their subscriptions must then be requested again."
                );
        }

        try
        {
            _key = protector.Unprotect(wrapped);
        }
        catch (CryptographicException e)
        {
            if (await MoveAsync(protector, wrapped, cancellationToken))
                return;
            throw new DatabaseException(
                $"The secrets in {database.Description} cannot be read: "
                    + "the Data Protection key that wrapped their data key is missing. Start with the key ring that was used before.",
                e
            );
        }
    }

    /// <summary>A key ring that was in our database until now: its data key moves to the new one.</summary>
    private async Task<bool> MoveAsync(IDataProtector protector, byte[] wrapped, CancellationToken cancellationToken)
    {
        if ((await _keys.ReadRingAsync()).Count == 0)
            return false;
        try
        {
            _key = Protector(Own(new KeyRing(_keys))).Unprotect(wrapped);
        }
        catch (CryptographicException)
        {
            return false;
        }

        await _keys.MoveDataKeyAsync(protector.Protect(_key), cancellationToken);
        return true;
    }

    private IDataProtector Protector(IDataProtectionProvider provider) => provider.CreateProtector($"{application}.Secrets");

    /// <summary>Seals a secret; null stays null.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="owner">What it belongs to.</param>
    public SealedSecret? Seal(Values.Secret? secret, params ReadOnlySpan<string> owner) =>
        secret is null ? null : Seal(secret.Bytes, owner);

    /// <inheritdoc cref="Seal(Values.Secret?, ReadOnlySpan{string})"/>
    public SealedSecret Seal(ReadOnlySpan<byte> secret, params ReadOnlySpan<string> owner)
    {
        var sealedSecret = new byte[NonceBytes + TagBytes + secret.Length];
        var nonce = sealedSecret.AsSpan(0, NonceBytes);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (var part in owner)
            hash.AppendData(Encoding.UTF8.GetBytes($"{part}\n"));
        hash.AppendData(secret);
        hash.GetHashAndReset().AsSpan(0, NonceBytes).CopyTo(nonce);

        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(nonce, secret, sealedSecret.AsSpan(NonceBytes + TagBytes), sealedSecret.AsSpan(NonceBytes, TagBytes));
        return new(sealedSecret);
    }

    /// <summary>Opens many secrets with one cipher.</summary>
    public SecretOpener Opener() => new(_key);

    /// <summary>
    /// Our own Data Protection with its keys in the folder, if one is set; the host's, if it has been configured to persist its keys; else
    /// our own with its keys in our database.
    /// </summary>
    private IDataProtectionProvider Provider()
    {
        if (_folder is not null)
            return Own(Ring);
        var hostRing = services?.GetService<IOptions<KeyManagementOptions>>()?.Value.XmlRepository;
        return hostRing is not null && services!.GetService<IDataProtectionProvider>() is { } host ? host : Own(Ring);
    }

    private IDataProtectionProvider Own(IXmlRepository ring)
    {
        var own = new ServiceCollection();
        own.AddDataProtection().SetApplicationName(application).AddKeyManagementOptions(o => o.XmlRepository = ring);
        return own.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>();
    }
}
