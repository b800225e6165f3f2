using System.Globalization;

namespace WebSub.LoadTests.Faults;

/// <summary>What came of a fault.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="CountedFrom">The moment from which <paramref name="ResumedAfter"/> counts.</param>
/// <param name="Acknowledged">Updates that the hub answered with 2xx.</param>
/// <param name="Refused">Updates that it did not take.</param>
/// <param name="Deliveries">Deliveries owed for the former.</param>
/// <param name="Lost">Of them, those not made.</param>
/// <param name="Repeats">Deliveries made once more.</param>
/// <param name="ResumedAfter">How long until every topic moved again; null if one never did.</param>
/// <param name="ClaimsLost">Lanes that nodes found taken over by others.</param>
internal sealed record FaultRow(
    string Fault,
    string CountedFrom,
    int Acknowledged,
    int Refused,
    int Deliveries,
    int Lost,
    int Repeats,
    TimeSpan? ResumedAfter,
    long ClaimsLost
)
{
    public const string Head = """
        | Fault | Acknowledged | Not taken | Deliveries | Lost | Repeats | Claims lost | Every topic moves again after |
        |---|---|---|---|---|---|---|---|
        """;

    public string ToMarkdown() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {Fault} | {Acknowledged:n0} | {Refused:n0} | {Deliveries:n0} | {Lost:n0} | {Repeats:n0} | {ClaimsLost:n0} | {Resumed} |"
        );

    private string Resumed =>
        ResumedAfter is { } after
            ? string.Create(CultureInfo.InvariantCulture, $"{after.TotalSeconds:0.0} s from {CountedFrom}")
            : "not at all";
}
