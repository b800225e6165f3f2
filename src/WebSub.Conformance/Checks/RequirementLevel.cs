namespace WebSub.Conformance.Checks;

/// <summary>How strongly the Recommendation asks for something (RFC 2119).</summary>
public enum RequirementLevel
{
    /// <summary>MUST, MUST NOT or REQUIRED.</summary>
    Must,

    /// <summary>SHOULD, or said without a keyword.</summary>
    Should,

    /// <summary>MAY, OPTIONAL, or what older peers expect.</summary>
    May,
}
