namespace WebSub.Protocol;

/// <summary>The two link relation types of WebSub (§4).</summary>
public static class LinkRelations
{
    /// <summary><c>hub</c>: where to subscribe.</summary>
    public const string Hub = "hub";

    /// <summary><c>self</c>: the topic to subscribe to.</summary>
    public const string Self = "self";

    private static readonly char[] Whitespace = [' ', '\t', '\r', '\n', '\f'];

    /// <summary>The relation types in the value of a <c>rel</c> parameter or attribute: one or several, separated by white space.</summary>
    internal static string[] Split(string? rel) => rel?.Split(Whitespace, StringSplitOptions.RemoveEmptyEntries) ?? [];
}
