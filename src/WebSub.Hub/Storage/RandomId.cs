using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WebSub.Hub.Storage;

/// <summary>Ids that are never used again: 62 random bits, so they fit both databases' signed integers and are never 0.</summary>
internal static class RandomId
{
    public static long New()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return (BinaryPrimitives.ReadInt64LittleEndian(bytes) & 0x3FFF_FFFF_FFFF_FFFF) | 1;
    }
}
