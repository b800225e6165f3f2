using WebSub.Conformance.Checks;

namespace WebSub.Conformance.Publisher;

/// <summary>Requirements that leave the publisher a choice, or are its subscribers'; a report lists them with the reason.</summary>
internal static class UncheckedRequirements
{
    public static readonly IReadOnlyList<UncheckedRequirement> All =
    [
        new(new("D10", RequirementLevel.May, "4", "It answers HEAD."), "it may refuse it; subscribers then ask with GET"),
        new(new("D11", RequirementLevel.May, "4", "It names one hub, or several."), "a choice of the publisher; P5 is checked"),
        new(
            new("D16", RequirementLevel.May, "4", "Headers that name only hub or topic."),
            "the document may name the other; see D2 and D3"
        ),
        new(new("D17", RequirementLevel.May, "4", "A hub without a topic."), "see D1"),
        new(
            new("P3", RequirementLevel.May, "6", "How it tells its hubs is between the two."),
            "any way is right; P2 shows what comes to the check's own hub"
        ),
    ];
}
