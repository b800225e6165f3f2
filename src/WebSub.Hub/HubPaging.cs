namespace WebSub.Hub;

/// <summary>Which page of a list.</summary>
/// <param name="After">The <see cref="HubPage{T}.Next"/> of the page before; null for the first.</param>
/// <param name="Limit">How many items at most, from 1 to 1,000.</param>
public sealed record HubPaging(string? After = null, int Limit = HubPaging.UsualLimit)
{
    /// <summary>How many items a page has if nothing else is asked for.</summary>
    public const int UsualLimit = 100;

    /// <summary>The most items of a page.</summary>
    public const int MaxLimit = 1000;
}
