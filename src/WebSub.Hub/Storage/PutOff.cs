using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// An attempt that was not made, because its origin is stuck or silent: nothing changes but when its subscription is due.
/// </summary>
/// <param name="Id">The subscription.</param>
/// <param name="Epoch">The claim it was to be made under.</param>
/// <param name="Due">When to try again.</param>
internal sealed record PutOff(SubscriptionId Id, long Epoch, DatabaseTime Due);
