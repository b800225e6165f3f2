namespace WebSub.Conformance.Checks;

/// <summary>How a check ended.</summary>
public enum CheckOutcome
{
    /// <summary>The peer does what is required.</summary>
    Passed,

    /// <summary>It does not.</summary>
    Failed,

    /// <summary>It could not be found out; the reason says why.</summary>
    Skipped,
}
