using System.Globalization;

namespace WebSub.LoadTests.Soaking;

/// <summary>What the server and its database take at one look.</summary>
/// <param name="Part">Which look, from 1.</param>
/// <param name="Published">Updates acknowledged so far.</param>
/// <param name="Begun">Subscriptions that came so far, beside those that stay.</param>
/// <param name="ResidentBytes">The server's memory.</param>
/// <param name="Handles">What it has open.</param>
/// <param name="Threads">Its threads.</param>
/// <param name="DatabaseBytes">The database's size.</param>
/// <param name="Entries">Entries that the logs keep.</param>
/// <param name="Lag">Entries that subscriptions have yet to get, of all together but those that fail.</param>
/// <param name="FailingLag">The same of those that fail, for whom it follows from when they are tried.</param>
internal sealed record SoakSample(
    int Part,
    int Published,
    int Begun,
    long ResidentBytes,
    int Handles,
    int Threads,
    long DatabaseBytes,
    long Entries,
    long Lag,
    long FailingLag
)
{
    public const string Head = """
        | Look | Updates | Subscribers come | Memory, MB | Handles | Threads | Database, MB | Entries kept | Lag | Lag of the failing |
        |---|---|---|---|---|---|---|---|---|---|
        """;

    private const double Megabyte = 1024 * 1024;

    public string ToMarkdown() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {Part} | {Published:n0} | {Begun:n0} | {ResidentBytes / Megabyte:0} | {Handles} | {Threads} | {DatabaseBytes / Megabyte:0} "
                + $"| {Entries:n0} | {Lag:n0} | {FailingLag:n0} |"
        );

    /// <summary>
    /// What has grown beyond chance. The database may: by what the logs keep more, and by what PostgreSQL has yet to clean up.
    /// </summary>
    public static IEnumerable<string> Grown(SoakSample early, SoakSample late)
    {
        if (late.ResidentBytes > (early.ResidentBytes * 1.3) + (20 * Megabyte))
            yield return $"The server's memory has grown from {early.ResidentBytes / Megabyte:0} to {late.ResidentBytes / Megabyte:0} MB.";
        if (late.Handles > (early.Handles * 1.2) + 30)
            yield return $"The server's handles have grown from {early.Handles} to {late.Handles}.";
        if (late.Threads > early.Threads + 10)
            yield return $"The server's threads have grown from {early.Threads} to {late.Threads}.";
        if (late.Lag > (early.Lag * 2) + 1000)
            yield return $"The lag has grown from {early.Lag} to {late.Lag} entries.";
        var perEntry = (late.DatabaseBytes - early.DatabaseBytes) / Math.Max(1d, late.Published - early.Published);
        if (perEntry > 8192)
            yield return $"The database has grown by {perEntry:0} bytes an update.";
    }
}
