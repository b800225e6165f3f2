using System.Text;

namespace WebSub.Conformance.Subscriber;

/// <summary>What a callback answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="MediaType">The media type in lower case; null if there is none.</param>
/// <param name="ContentTypeOptions">X-Content-Type-Options; null if there is none.</param>
/// <param name="Body">The body.</param>
internal sealed record CallbackAnswer(int Status, string? MediaType, string? ContentTypeOptions, byte[] Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>True if it is 2xx and has the challenge in it.</summary>
    public bool Echoes(string challenge) => IsSuccess && Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(challenge)) >= 0;
}
