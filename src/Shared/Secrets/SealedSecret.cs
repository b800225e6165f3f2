using WebSub.Storage;

namespace WebSub.Secrets;

/// <summary>
/// A secret as <see cref="SecretBox"/> sealed it, the only form in which one is stored. It is not a key: <see cref="SecretOpener"/> turns
/// it into one. The same secret of the same owner gives the same bytes.
/// </summary>
/// <param name="Bytes">Nonce, tag and cipher text.</param>
internal readonly record struct SealedSecret(byte[] Bytes) : IColumnValue<SealedSecret, byte[]>
{
    byte[] IColumnValue<SealedSecret, byte[]>.Stored => Bytes;

    static SealedSecret IColumnValue<SealedSecret, byte[]>.FromStored(byte[] stored) => new(stored);

    public bool Equals(SealedSecret other) => Bytes.AsSpan().SequenceEqual(other.Bytes);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }
}
