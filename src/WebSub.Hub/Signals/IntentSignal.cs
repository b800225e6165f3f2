using WebSub.Hub.Subscribing;
using WebSub.Work;

namespace WebSub.Hub.Signals;

/// <summary>Wakes <see cref="IntentVerifier"/> when a request has been stored.</summary>
internal sealed class IntentSignal : WorkSignal;
