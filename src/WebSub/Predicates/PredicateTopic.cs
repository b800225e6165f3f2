using System.Diagnostics.CodeAnalysis;

namespace WebSub.Predicates;

/// <summary>
/// What a predicate subscription is for: a dotted topic that means itself and everything below it. <c>UN.CEFACT</c>, <c>un.cefact.</c> and
/// <c>UN.CEFACT.*</c> are one topic; <c>*</c> is everything. Case is ignored; elements match as a whole.
/// </summary>
public sealed record PredicateTopic
{
    private PredicateTopic(string value, string key) => (Value, Key) = (value, key);

    /// <summary>The text as given.</summary>
    public string Value { get; }

    /// <summary>The normal form: upper-case, each element followed by a dot, no wildcard; empty for everything.</summary>
    public string Key { get; }

    /// <summary>
    /// Reads a topic; <paramref name="error"/> says what is wrong, in the words of the intergov Subscriptions API where it has them.
    /// </summary>
    /// <param name="value">The topic as given.</param>
    /// <param name="topic">The topic, if it is valid.</param>
    /// <param name="error">Otherwise what is wrong with it, in a sentence.</param>
    public static bool TryParse(string? value, [NotNullWhen(true)] out PredicateTopic? topic, [NotNullWhen(false)] out string? error)
    {
        error = string.IsNullOrEmpty(value) ? "Predicate must not be empty" : WildcardFault(value);
        topic = null;
        if (error is not null)
            return false;

        if (value == "*")
        {
            topic = new(value, "");
            return true;
        }

        var elements =
            value!.EndsWith(".*", StringComparison.Ordinal) ? value[..^2]
            : value.EndsWith('.') ? value[..^1]
            : value;
        error = PredicateKey.Fault(elements);
        topic = error is null ? new(value, PredicateKey.Of(elements)) : null;
        return topic is not null;
    }

    /// <summary>Whether a message with this predicate belongs to the topic. An invalid predicate belongs to none.</summary>
    public bool Covers(string predicate) =>
        Predicate.TryNormalize(predicate, out var key, out _) && key.StartsWith(Key, StringComparison.Ordinal);

    /// <summary>Topics are equal when they mean the same: by <see cref="Key"/>.</summary>
    public bool Equals(PredicateTopic? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Key);

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static string? WildcardFault(string value)
    {
        var wildcard = value.IndexOf('*', StringComparison.Ordinal);
        if (wildcard < 0)
            return null;
        if (value.IndexOf('*', wildcard + 1) >= 0)
            return "Predicate may contain only one wildcard and only as the last element";
        if (wildcard > 0 && value[wildcard - 1] != '.')
            return "* character is supported only after a dot";
        return wildcard == value.Length - 1 ? null : "Only last element of a predicate can be a wildcard";
    }
}
