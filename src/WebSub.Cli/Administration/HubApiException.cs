namespace WebSub.Cli.Administration;

/// <summary>A hub's administration API cannot be reached, or refuses; the message is for whoever sits at the terminal.</summary>
internal sealed class HubApiException(string message, Exception? cause = null) : IOException(message, cause);
