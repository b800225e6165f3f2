using WebSub.Hub.Hosting;
using WebSub.Hub.Subscribing;

namespace WebSub.Hub.Signals;

/// <summary>Wakes <see cref="IntentVerifier"/> when a request has been stored.</summary>
internal sealed class IntentSignal : Wakeup;
