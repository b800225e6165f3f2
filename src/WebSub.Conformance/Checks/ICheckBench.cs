namespace WebSub.Conformance.Checks;

/// <summary>What one check works with.</summary>
internal interface ICheckBench
{
    /// <summary>What the check has sent and received so far, in order.</summary>
    IReadOnlyList<Exchange> Exchanges { get; }
}
