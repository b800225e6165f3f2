using System.Diagnostics.CodeAnalysis;

namespace WebSub.Predicates;

/// <summary>
/// The predicate of a message: what it is about, as dotted elements from general to specific,
/// <c>UN.CEFACT.Trade.CertificateOfOrigin.created</c>. Wildcards are for subscriptions only; see <see cref="PredicateTopic"/>.
/// </summary>
public static class Predicate
{
    /// <summary>The maximum length of a predicate, in bytes of UTF-8.</summary>
    public const int MaxBytes = 2048;

    /// <summary>The maximum number of elements in a predicate.</summary>
    public const int MaxElements = 64;

    /// <summary>
    /// Reads a message's predicate into its key, the form in which topics are matched: <c>un.cefact.trade</c> becomes
    /// <c>UN.CEFACT.TRADE.</c>.
    /// </summary>
    /// <param name="value">The predicate as given.</param>
    /// <param name="key">Its key, if it is valid.</param>
    /// <param name="error">Otherwise what is wrong with it, in a sentence.</param>
    public static bool TryNormalize(string? value, [NotNullWhen(true)] out string? key, [NotNullWhen(false)] out string? error)
    {
        error =
            string.IsNullOrEmpty(value) ? "Predicate must not be empty"
            : value.Contains('*', StringComparison.Ordinal) ? "Predicate of a message must not contain a wildcard"
            : PredicateKey.Fault(value);
        key = error is null ? PredicateKey.Of(value!) : null;
        return key is not null;
    }
}
