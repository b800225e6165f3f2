using WebSub.Hub.Hosting;

namespace WebSub.Hub.Subscribing;

/// <summary>Wakes <see cref="IntentVerifier"/> when a request has been stored.</summary>
internal sealed class IntentSignal : Wakeup;
