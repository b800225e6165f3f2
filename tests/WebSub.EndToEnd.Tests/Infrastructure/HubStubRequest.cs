using WebSub.Protocol;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>A POST to the hub.</summary>
/// <param name="Target">Path and query as sent.</param>
/// <param name="ContentType">Its content type, verbatim.</param>
/// <param name="Authorization">The header, or an empty text.</param>
/// <param name="Body">The raw bytes.</param>
/// <param name="Fields">The body read as a form.</param>
internal sealed record HubStubRequest(string Target, string? ContentType, string Authorization, byte[] Body, HubFields Fields);
