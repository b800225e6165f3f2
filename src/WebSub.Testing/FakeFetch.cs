namespace WebSub.Testing;

/// <summary>A request that a <see cref="FakePublisher"/> received.</summary>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">All headers; repeated ones joined with commas.</param>
public sealed record FakeFetch(string Target, IReadOnlyDictionary<string, string> Headers);
