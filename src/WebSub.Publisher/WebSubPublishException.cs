namespace WebSub.Publisher;

/// <summary>Hubs that could not be told of an update.</summary>
public sealed class WebSubPublishException : Exception
{
    /// <summary>Says which hubs failed, and why.</summary>
    public WebSubPublishException(IReadOnlyList<WebSubPublishFailure> failures)
        : base(Describe(failures)) => Failures = failures;

    /// <summary>What failed; whatever is not named here was accepted.</summary>
    public IReadOnlyList<WebSubPublishFailure> Failures { get; }

    private static string Describe(IReadOnlyList<WebSubPublishFailure> failures)
    {
        ArgumentNullException.ThrowIfNull(failures);
        var hubs = failures.GroupBy(f => f.Hub).Select(g => $"{g.Key}: {g.First().Explanation}{(g.Count() > 1 ? $" ({g.Count()} topics)" : "")}");
        return "Not every hub was told of the update. " + string.Join(" ", hubs);
    }
}
