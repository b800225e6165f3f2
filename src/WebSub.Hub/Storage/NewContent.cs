namespace WebSub.Hub.Storage;

/// <summary>A content to be stored.</summary>
/// <param name="Type">Its content type, as it was received.</param>
/// <param name="Body">The body.</param>
/// <param name="Hash">The SHA-256 of the body.</param>
internal sealed record NewContent(string? Type, byte[] Body, byte[] Hash);
