namespace WebSub.LoadTests.Faults;

/// <summary>libfaketime, by which a process sees another time of day.</summary>
internal static class FakeClock
{
    /// <summary>Where it is; null if it is not installed (Debian's package faketime).</summary>
    public static string? Library { get; } =
        Directory.Exists("/usr/lib")
            ? Directory
                .EnumerateFiles(
                    "/usr/lib",
                    "libfaketimeMT.so.1",
                    new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }
                )
                .FirstOrDefault()
            : null;
}
