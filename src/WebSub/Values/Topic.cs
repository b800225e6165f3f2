using System.Diagnostics.CodeAnalysis;

namespace WebSub.Values;

/// <summary>A topic URL, kept and compared byte for byte as given; <c>http://a/</c> and <c>http://a</c> are two topics.</summary>
public sealed record Topic
{
    private Topic(string value, Uri uri) => (Value, Uri) = (value, uri);

    /// <summary>The text as given.</summary>
    public string Value { get; }

    /// <summary>What to fetch; its path and query are those of <see cref="Value"/>.</summary>
    public Uri Uri { get; }

    /// <summary>Reads an http or https topic; <paramref name="error"/> ends the sentence "hub.topic …".</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Topic? topic, [NotNullWhen(false)] out string? error)
    {
        topic = null;
        if (!VerbatimUrl.TryCreate(text, out var uri, out error))
            return false;
        if (VerbatimUrl.HasUser(text!))
        {
            error = VerbatimUrl.UserFault;
            return false;
        }

        topic = new(text!, uri);
        return true;
    }

    /// <summary>Topics are equal when their texts are.</summary>
    public bool Equals(Topic? other) => other is not null && Value == other.Value;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
