using WebSub.Signatures;

namespace WebSub.Conformance.Subscriber;

/// <summary>A rightly signed update, and what came of it.</summary>
/// <param name="Update">The update.</param>
/// <param name="Answer">What the callback answered.</param>
/// <param name="Method">How it was signed: with the first method that was answered 2xx, if one was; null without a secret.</param>
internal sealed record Genuine(Update Update, CallbackAnswer Answer, SignatureMethod? Method);
