using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// The last attempts of a subscription that failed, in a column of its row: they are stored with the save that writes them anyway, and any
/// node shows them, also after a new start.
/// </summary>
internal static class StoredFailures
{
    /// <summary>How many are kept.</summary>
    public const int Kept = 20;

    private const int MaxError = 300;

    /// <summary>A failure as the column has it.</summary>
    /// <param name="sequence">The entry that was sent.</param>
    /// <param name="at">When the attempt ended.</param>
    /// <param name="failure">How.</param>
    public static string Of(long sequence, DatabaseTime at, FailedAttempt failure) =>
        JsonSerializer.Serialize(
            new object?[] { sequence, at.Microseconds, (long)failure.Duration.TotalMilliseconds, failure.Status, Short(failure.Error) }
        );

    /// <summary>Assignments of a failure, if there is one, to the row of a subscription that is behind, or from now on is.</summary>
    /// <param name="session">For its dialect.</param>
    /// <param name="failure">What yields a failure, or null.</param>
    public static string Adding(DbSession session, string failure) =>
        "failures = case when "
        + failure
        + " is null then failures else "
        + session.Pick(
            string.Create(
                CultureInfo.InvariantCulture,
                $"json_insert(case when json_array_length(failures) >= {Kept} then json_remove(failures, '$[0]') "
                    + $"else coalesce(failures, '[]') end, '$[#]', json({failure}))"
            ),
            string.Create(
                CultureInfo.InvariantCulture,
                $"((case when jsonb_array_length(failures::jsonb) >= {Kept} then failures::jsonb - 0 "
                    + $"else coalesce(failures::jsonb, '[]') end) || jsonb_build_array(cast({failure} as jsonb)))::text"
            )
        )
        + " end";

    /// <summary>What the column says, the newest first.</summary>
    public static IReadOnlyList<HubAttempt> Read(string? stored) =>
        stored is null ? [] : [.. JsonNode.Parse(stored)!.AsArray().Select(f => Read(f!.AsArray())).Reverse()];

    private static HubAttempt Read(JsonArray failure) =>
        new()
        {
            Sequence = (long)failure[0]!,
            EndedAt = new DatabaseTime((long)failure[1]!).ToMoment(),
            DurationSeconds = (long)failure[2]! / 1000.0,
            Status = (int?)failure[3],
            Error = (string?)failure[4],
        };

    private static string? Short(string? error) => error?.Length > MaxError ? error[..MaxError] + "…" : error;
}
