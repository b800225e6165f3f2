namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>A request that the site got.</summary>
internal sealed record SiteRequest(string Method, string Path, string IfNoneMatch, string Accept, string TraceParent = "");
