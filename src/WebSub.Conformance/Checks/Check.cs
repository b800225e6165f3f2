namespace WebSub.Conformance.Checks;

/// <summary>A check of a peer.</summary>
/// <param name="Requirement">What it is about.</param>
/// <param name="RunAsync">Ends if the peer does what is required; throws if it does not.</param>
/// <param name="IsLong">True if it waits for minutes: for retries, or for a lease to end.</param>
/// <typeparam name="TBench">What it works with.</typeparam>
internal sealed record Check<TBench>(Requirement Requirement, Func<TBench, Task> RunAsync, bool IsLong = false)
    where TBench : ICheckBench
{
    public static Check<TBench> Must(string id, string section, string text, Func<TBench, Task> run) =>
        new(new(id, RequirementLevel.Must, section, text), run);

    public static Check<TBench> Should(string id, string section, string text, Func<TBench, Task> run) =>
        new(new(id, RequirementLevel.Should, section, text), run);

    public static Check<TBench> May(string id, string section, string text, Func<TBench, Task> run) =>
        new(new(id, RequirementLevel.May, section, text), run);

    public Check<TBench> Long() => this with { IsLong = true };
}
