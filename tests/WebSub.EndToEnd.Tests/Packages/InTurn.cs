namespace WebSub.EndToEnd.Tests.Packages;

/// <summary>Tests that build apps run one after the other: each build takes the whole machine.</summary>
[CollectionDefinition(Name)]
public sealed class InTurn
{
    public const string Name = "Packages";
}
