using WebSub.Conformance.Checks;

namespace WebSub.Conformance.Subscriber;

/// <summary>Requirements that leave the subscriber a choice or cannot be seen from outside; a report lists them with the reason.</summary>
internal static class UncheckedRequirements
{
    private const string OfHubs = "asked of hubs; websub check hub checks it";

    public static readonly IReadOnlyList<UncheckedRequirement> All =
    [
        new(new("D16", RequirementLevel.May, "4", "Headers that name only hub or topic."), "the Recommendation leaves it open"),
        new(new("D17", RequirementLevel.May, "4", "A hub without a topic."), "the Recommendation leaves it open"),
        new(new("S1", RequirementLevel.Must, "3.1", "It knows each way of discovery, in order."), "see D7 and D9"),
        new(new("S7", RequirementLevel.May, "5.1.1", "Its callback has a query of its own."), "a choice of the subscriber"),
        new(
            new("S12", RequirementLevel.May, "5.1", "It sends more fields, and changes or drops its secret later."),
            "a choice of the subscriber"
        ),
        new(
            new("S14", RequirementLevel.Should, "5.1.2", "After 202 it waits for the verification."),
            "what it takes for active cannot be seen from outside"
        ),
        new(new("S15", RequirementLevel.Must, "5.3.1", "The topic of a verification is that of a pending request."), "see S16 and S17"),
        new(new("S25", RequirementLevel.Should, "7", "It answers updates quickly."), "how quickly is not said; S22 waits 15 s"),
        new(
            new("S29", RequirementLevel.Should, "7.1.2", "It does not trust headers, which the signature does not cover."),
            "what it trusts cannot be seen from outside"
        ),
        new(new("C1", RequirementLevel.Must, "7.1", "X-Hub-Signature is method=signature, the signature in hexadecimal."), OfHubs),
        new(new("C2", RequirementLevel.Must, "7.1", "The method is sha1, sha256, sha384 or sha512, in lower case."), OfHubs),
        new(new("C7", RequirementLevel.Should, "8.3", "The method is at least SHA-256."), OfHubs),
    ];
}
