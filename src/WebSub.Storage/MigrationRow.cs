namespace WebSub.Storage;

/// <summary>A script that has been applied.</summary>
internal sealed record MigrationRow
{
    public string Name { get; init; } = "";

    public string Checksum { get; init; } = "";
}
