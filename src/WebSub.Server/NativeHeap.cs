using System.Runtime.InteropServices;

namespace WebSub.Server;

/// <summary>
/// The heap of the C library, where SQLite holds what it reads and writes. glibc keeps what was freed there in its arenas.
/// </summary>
internal static partial class NativeHeap
{
    /// <summary>Gives free memory back to the system, where the C library can.</summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Not glibc.
        }
        catch (DllNotFoundException)
        {
            // Not glibc.
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);
}
