namespace WebSub.Predicates;

/// <summary>A predicate API's answer with a result.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
public sealed record PredicateAnswer<T> : PredicateAnswer
    where T : class
{
    /// <summary>The result; null unless the API answered 2xx.</summary>
    public T? Value { get; init; }
}
