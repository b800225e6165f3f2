namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>A span that arrived at a collector; the ids are in hex.</summary>
/// <param name="Scope">The activity source.</param>
/// <param name="Name">The activity.</param>
/// <param name="TraceId">The trace that it is part of.</param>
/// <param name="Id">Its own id.</param>
/// <param name="ParentId">The id of the span above it; empty at the top.</param>
internal sealed record OtlpSpan(string Scope, string Name, string TraceId, string Id, string ParentId);
