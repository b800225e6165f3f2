using WebSub.Work;

namespace WebSub.Hub.Administration;

/// <summary>Wakes <see cref="ActionLoop"/> when somebody has asked for something.</summary>
internal sealed class ActionSignal : WorkSignal;
