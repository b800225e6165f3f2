namespace WebSub.Documents;

/// <summary>What follows an ampersand.</summary>
internal enum EntityReferenceKind
{
    /// <summary>No reference: the ampersand means itself.</summary>
    None,

    /// <summary>One that XML knows.</summary>
    OfXml,

    /// <summary>What only HTML's readers know: a name, or two numbers that are one character.</summary>
    OfHtml,

    /// <summary>A number that is no character of XML.</summary>
    OfNoCharacter,
}
