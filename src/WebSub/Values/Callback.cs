using System.Diagnostics.CodeAnalysis;

namespace WebSub.Values;

/// <summary>A callback URL, kept, compared and requested byte for byte as the subscriber gave it (H16, H17, H24).</summary>
public sealed record Callback
{
    private Callback(string value, Uri uri) => (Value, Uri) = (value, uri);

    /// <summary>The text as given.</summary>
    public string Value { get; }

    /// <summary>Where to POST; path and query are those of <see cref="Value"/>.</summary>
    public Uri Uri { get; }

    /// <summary>Reads an http or https callback without a fragment; <paramref name="error"/> ends the sentence "hub.callback …".</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Callback? callback, [NotNullWhen(false)] out string? error)
    {
        callback = null;
        if (!VerbatimUrl.TryCreate(text, out var uri, out error))
            return false;
        if (text!.Contains('#', StringComparison.Ordinal))
        {
            error = "must not have a fragment (#…): fragments never reach a server";
            return false;
        }

        if (VerbatimUrl.HasUser(text))
        {
            error = VerbatimUrl.UserFault;
            return false;
        }

        callback = new(text, uri);
        return true;
    }

    /// <summary>Callbacks are equal when their texts are.</summary>
    public bool Equals(Callback? other) => other is not null && Value == other.Value;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
