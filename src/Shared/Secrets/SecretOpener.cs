using System.Security.Cryptography;

namespace WebSub.Secrets;

/// <summary>Opens what <see cref="SecretBox"/> sealed. For one thread; dispose it after the rows at hand.</summary>
internal sealed class SecretOpener(byte[] key) : IDisposable
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly AesGcm _aes = new(key, TagBytes);

    public byte[] Open(SealedSecret sealedSecret)
    {
        var bytes = sealedSecret.Bytes;
        var secret = new byte[bytes.Length - NonceBytes - TagBytes];
        _aes.Decrypt(bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes + TagBytes), bytes.AsSpan(NonceBytes, TagBytes), secret);
        return secret;
    }

    public void Dispose() => _aes.Dispose();
}
