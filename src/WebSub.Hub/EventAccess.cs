namespace WebSub.Hub;

/// <summary>Who may read topics' logs at <c>/hub/events</c>.</summary>
public enum EventAccess
{
    /// <summary>Callers with a key that has the scope <c>read</c>, and local ones; topics named in the settings are open to all.</summary>
    Keys,

    /// <summary>Everybody, every topic.</summary>
    Open,
}
