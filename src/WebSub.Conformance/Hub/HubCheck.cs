using WebSub.Conformance.Checks;

namespace WebSub.Conformance.Hub;

/// <summary>A check of a hub.</summary>
/// <param name="Requirement">What it is about.</param>
/// <param name="RunAsync">Ends if the hub does what is required; throws if it does not.</param>
/// <param name="IsLong">True if it waits for retries or for a lease to end.</param>
internal sealed record HubCheck(Requirement Requirement, Func<HubBench, Task> RunAsync, bool IsLong = false)
{
    public static HubCheck Must(string id, string section, string text, Func<HubBench, Task> run) =>
        new(new(id, RequirementLevel.Must, section, text), run);

    public static HubCheck Should(string id, string section, string text, Func<HubBench, Task> run) =>
        new(new(id, RequirementLevel.Should, section, text), run);

    public static HubCheck May(string id, string section, string text, Func<HubBench, Task> run) =>
        new(new(id, RequirementLevel.May, section, text), run);

    public HubCheck Long() => this with { IsLong = true };
}
