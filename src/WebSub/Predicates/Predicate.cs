using System.Diagnostics.CodeAnalysis;

namespace WebSub.Predicates;

/// <summary>
/// The predicate of a message: what it is about, as dotted elements from the general to the special,
/// <c>UN.CEFACT.Trade.CertificateOfOrigin.created</c>. Wildcards are for subscriptions only; see <see cref="PredicateTopic"/>.
/// </summary>
public static class Predicate
{
    /// <summary>The most bytes a predicate may have, in UTF-8.</summary>
    public const int MaxBytes = 2048;

    /// <summary>The most elements a predicate may have.</summary>
    public const int MaxElements = 64;

    /// <summary>
    /// Reads a message's predicate into its key, the form in which topics are matched: <c>un.cefact.trade</c> becomes
    /// <c>UN.CEFACT.TRADE.</c>.
    /// </summary>
    /// <param name="value">The predicate as it was given.</param>
    /// <param name="key">Its key, if it is sound.</param>
    /// <param name="error">Otherwise what is wrong with it, a sentence.</param>
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
