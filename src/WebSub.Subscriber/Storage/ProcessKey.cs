using System.Globalization;
using WebSub.Subscriber.Hosting;

namespace WebSub.Subscriber.Storage;

/// <summary>The advisory lock that a process holds while it lives (<see cref="ProcessLife"/>).</summary>
internal static class ProcessKey
{
    /// <summary>How many hexadecimal digits at the end of a name are the key.</summary>
    public const int Length = 16;

    /// <summary>The lock of a process that claims rows under this name.</summary>
    public static long Of(string owner) =>
        (long)ulong.Parse(owner.AsSpan(owner.Length - Length), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
