namespace WebSub.Predicates;

/// <summary>A predicate API's answer that carries something.</summary>
/// <typeparam name="T">What it carries.</typeparam>
public sealed record PredicateAnswer<T> : PredicateAnswer
    where T : class
{
    /// <summary>What was asked for; null unless the API answered 2xx.</summary>
    public T? Value { get; init; }
}
