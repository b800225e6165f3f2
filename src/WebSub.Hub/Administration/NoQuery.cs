namespace WebSub.Hub.Administration;

/// <summary>The query of a request that takes none.</summary>
internal sealed record NoQuery;
