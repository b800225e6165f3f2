namespace WebSub.Publisher.Links;

/// <summary>A representation with its own topic.</summary>
internal sealed record DeclaredRepresentation(string ContentType, string? Language, string Self)
{
    public bool Matches(string? contentType, string? language) =>
        contentType is not null
        && contentType
            .AsSpan(0, contentType.IndexOf(';', StringComparison.Ordinal) is >= 0 and var end ? end : contentType.Length)
            .Trim()
            .Equals(ContentType, StringComparison.OrdinalIgnoreCase)
        && (Language is null || string.Equals(Language, language, StringComparison.OrdinalIgnoreCase));
}
