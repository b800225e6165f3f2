namespace WebSub.Http;

/// <summary>
/// The peer closed a connection that had served before, and not one byte of an answer to the next request came on it. It says nothing about
/// that request (RFC 9112 §9.3.1).
/// </summary>
internal sealed class KeptConnectionClosedException(Exception? cause = null)
    : IOException("The peer closed the connection as the request was sent.", cause)
{
    /// <summary>True if that is why a request failed, whatever the HTTP stack has wrapped around it.</summary>
    public static bool IsIn(Exception failure)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (e is KeptConnectionClosedException)
                return true;
        }

        return false;
    }
}
