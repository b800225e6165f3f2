using WebSub.Hub.Values;

namespace WebSub.Hub.Storage;

/// <summary>A topic whose head stays as it is until the transaction that read it ends.</summary>
/// <param name="Id">The topic.</param>
/// <param name="Head">Its newest sequence; 0 if it has no entry.</param>
internal sealed record HeldTopic(TopicId Id, long Head);
