namespace WebSub.Hub;

/// <summary>A page of a list, in the order of its key.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Next">What continues the list, given as <c>after</c>; null on the last page.</param>
public sealed record HubPage<T>(IReadOnlyList<T> Items, string? Next);
