namespace WebSub.Hub;

/// <summary>One field of what was asked of <see cref="IHubAdministration"/> is wrong; nothing was done.</summary>
/// <param name="field">Its name.</param>
/// <param name="message">What it must be, as a sentence.</param>
public sealed class HubFieldException(string field, string message) : Exception(message)
{
    /// <summary>Which one.</summary>
    public string Field { get; } = field;
}
