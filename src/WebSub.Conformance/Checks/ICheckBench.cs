namespace WebSub.Conformance.Checks;

/// <summary>What one check works with.</summary>
internal interface ICheckBench
{
    /// <summary>What the check has sent and received so far, in order.</summary>
    IReadOnlyList<Exchange> Exchanges { get; }

    /// <summary>What a check that passes has to say all the same: how far it could see. Null if there is nothing.</summary>
    string? Remark => null;
}
