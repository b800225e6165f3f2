using WebSub.Conformance.Checks;

namespace WebSub.Conformance.Hub;

/// <summary>Requirements that leave the hub a choice or cannot be seen from outside; a report lists them with the reason.</summary>
internal static class UncheckedRequirements
{
    private const string OfSubscribers = "asked of subscribers; websub check subscriber checks it";

    public static readonly IReadOnlyList<UncheckedRequirement> All =
    [
        new(new("H3", RequirementLevel.May, "5.1", "It grants the lease that was asked for, or a default of its own."), "either is right"),
        new(new("H12", RequirementLevel.Should, "5.1.2", "It verifies as soon as it can."), "how soon that is cannot be seen from outside"),
        new(new("H13", RequirementLevel.May, "5.1.2", "It refuses callbacks and topics by its own policy."), "the policy is its own"),
        new(new("H14", RequirementLevel.May, "5.1.2", "It sends a subscriber to another hub with 307 or 308."), "a choice of the hub"),
        new(
            new("H15", RequirementLevel.Must, "5.1.1", "It decodes percent-encoding of unreserved characters."),
            "H24 asks for the opposite; that is checked"
        ),
        new(new("H23", RequirementLevel.May, "5", "It asks active subscribers again from time to time."), "a choice of the hub"),
        new(new("H26", RequirementLevel.May, "7", "Of feeds it leaves out entries that were delivered before."), "a choice of the hub"),
        new(new("H33", RequirementLevel.May, "1", "Who may use it is its own decision."), "a choice of the hub"),
        new(new("C4", RequirementLevel.Must, "7.1", "A signature is computed with the method that its header names."), OfSubscribers),
        new(new("C5", RequirementLevel.Must, "7.1", "A delivery whose signature does not match is not processed."), OfSubscribers),
        new(new("C6", RequirementLevel.Must, "3.2.6", "With a secret, a delivery without a signature is not accepted."), OfSubscribers),
    ];
}
