namespace WebSub.Hub;

/// <summary>A key that has just been created.</summary>
/// <param name="Key">What its owner sends as <c>Authorization: Bearer KEY</c>. It is shown once: the hub keeps only its hash.</param>
/// <param name="Description">The key as it is listed from now on.</param>
public sealed record HubNewKey(string Key, HubKey Description)
{
    /// <summary>Names the key, and does not show it.</summary>
    public override string ToString() => $"key {Description.Name}";
}
