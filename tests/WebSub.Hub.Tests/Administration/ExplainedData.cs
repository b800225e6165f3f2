namespace WebSub.Hub.Tests.Administration;

/// <summary>The data of a step of an explanation.</summary>
internal sealed record ExplainedData(string? DeliveryId, int? Status, DateTimeOffset? At, DateTimeOffset? NextAttempt);
