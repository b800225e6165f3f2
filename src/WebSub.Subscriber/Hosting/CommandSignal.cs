using WebSub.Work;

namespace WebSub.Subscriber.Hosting;

/// <summary>Wakes <see cref="CommandWatch"/> when a command may have changed rows.</summary>
internal sealed class CommandSignal : WorkSignal;
