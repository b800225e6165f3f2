namespace WebSub.Hub.Streaming;

/// <summary>A client does not read what it asked for.</summary>
internal sealed class SlowClientException(string message) : Exception(message);
