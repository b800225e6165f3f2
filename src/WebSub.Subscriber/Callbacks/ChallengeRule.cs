using System.Buffers;

namespace WebSub.Subscriber.Callbacks;

/// <summary>
/// Which challenges are echoed (S33). Whoever knows a callback decides what it answers, so it answers nothing that a shell, a batch file or
/// a page could be made of.
/// </summary>
internal static class ChallengeRule
{
    public const int MaxLength = 1024;

    // The set of H35, and the one further character that makes the set of unreserved characters in URLs complete: hubs of 0.4 that draw
    // a random text which needs no escaping draw from that.
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "+-./0123456789=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"
    );

    /// <summary>Why a challenge is not echoed, as a sentence; null if it is.</summary>
    public static string? FaultOf(string challenge) =>
        challenge.Length > MaxLength ? $"hub.challenge has more than {MaxLength} characters."
        : challenge.AsSpan().ContainsAnyExcept(Allowed) ? "hub.challenge may have letters, digits and + - . / = _ ~ only."
        : null;
}
